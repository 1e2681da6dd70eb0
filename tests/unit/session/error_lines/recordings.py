"""Lines that programs have printed, or are documented to print, with what they say."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

FOLDERS = ("recorded", "documented")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Recording:
    """What a program printed, and what is to be read in it; ``targets`` are scheme, host, port."""

    program: str
    source: str
    text: str
    shows: str = ""
    targets: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    phase: str = ""
    errno: str = ""
    runtime: str = ""
    timer: str = ""
    limit_s: float | None = None
    understood: bool = True

    @property
    def name(self) -> str:
        words = " ".join(self.text.split())
        return f"{self.program}: {words[:60]}"


def recordings() -> Iterator[Recording]:
    """Give every line of every file."""
    for folder in FOLDERS:
        for path in sorted((HERE / folder).glob("*.toml")):
            for line in tomllib.loads(path.read_text(encoding="utf-8"))["line"]:
                yield msgspec.convert(line, type=Recording)
