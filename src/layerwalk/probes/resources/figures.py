"""Reading the kernel's small files of figures; what is not there, or is no number, is none.

Every path begins at a root, so that a tree recorded on another machine is read the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_CHUNK, _MOST_CHUNKS = 1 << 16, 64


@dataclass(frozen=True)
class Files:
    """The files of a machine below a root: this one's, or a recorded one's."""

    root: Path = Path("/")

    def path(self, absolute: str) -> Path:
        """Where a file is that has this path on the machine."""
        return self.root / absolute.lstrip("/")

    def text(self, absolute: str) -> str:
        """The text of a file; empty where it can't be read."""
        try:
            with self.path(absolute).open("rb", buffering=0) as file:
                chunks = iter(lambda: file.read(_CHUNK), b"")  # settings refuse to fill more
                return b"".join(islice(chunks, _MOST_CHUNKS)).decode(errors="replace")
        except OSError:
            return ""

    def number(self, absolute: str) -> int | None:
        """The number that a file holds; ``None`` where it holds none ("max" among others)."""
        return number(self.text(absolute))

    def pairs(self, absolute: str) -> dict[str, int]:
        """The file's lines of a word and a number, "MemFree: 12 kB" or "oom_kill 3"."""
        return dict(_pairs(self.text(absolute)))


HERE = Files()
"""This machine."""


def number(text: str) -> int | None:
    """Read the first word as a number, where it is one."""
    first = text.split(maxsplit=1)[:1]
    try:
        return int(first[0]) if first else None
    except ValueError:
        return None


def _pairs(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        words = line.split(maxsplit=1)
        value = number(words[-1]) if len(words) > 1 else None
        if value is not None:
            yield words[0].rstrip(":"), value
