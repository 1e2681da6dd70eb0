"""A private instance of the kernel's tracing, in which it tells why it drops packets.

The tracing file system is used where it is mounted, and never mounted (kernel's trace/ftrace). The
instance has buffers of its own, so that nobody else's tracing is touched. A small program waits for
this process's end, however that comes, and takes the instance away; what is left all the same is
found by its name, which tells whose it was.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from layerwalk.probes.makers import is_abandoned, maker_name

FOLDERS = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))
PREFIX = "layerwalk"

_EVENT = "events/skb/kfree_skb"
_PROTOCOLS = {4: 0x0800, 6: 0x86DD}
_UNSPECIFIED = 2
_KIB = 256
_LINE = re.compile(r"-(\d+) +\[.* location=(\S+?)(?:\+\S*)?(?: \[\w+\])? reason: (\w+)")
_AFTERWARDS = (
    'cat >/dev/null; echo 0 >"$1/events/skb/kfree_skb/enable"; '
    'for again in 1 2 3 4 5; do rmdir "$1" && exit; sleep 0.1; done'
)


@dataclass(frozen=True)
class Drop:
    """A packet that was dropped: by which thread's work, in which function, and why."""

    thread: int
    place: str
    reason: str


def tracing() -> Path | None:
    """Where the tracing file system is, with this event; ``None`` where it is not mounted.

    Raises:
        PermissionError: this user may not look.
    """
    for folder in FOLDERS:
        with suppress(FileNotFoundError, NotADirectoryError):
            (folder / _EVENT / "enable").stat()
            (folder / "instances").stat()
            return folder
    return None


class Instance:
    """Tells of drops while it is entered, of one IP version.

    Raises:
        OSError: on entering, where it can't be made.
    """

    def __init__(self, folder: Path, version: int) -> None:
        self.path = folder / "instances" / maker_name(PREFIX)
        self._version = version
        self._pipe = -1
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Make it, and have it tell."""
        self.path.mkdir()
        try:
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", _AFTERWARDS, "sh", str(self.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us: its turn comes after
            )
            wanted = f"protocol == {_PROTOCOLS[self._version]} && reason > {_UNSPECIFIED}"
            _write(self.path / "buffer_size_kb", str(_KIB))
            _write(self.path / _EVENT / "filter", wanted)
            self._pipe = os.open(self.path / "trace_pipe", os.O_RDONLY | os.O_NONBLOCK)
            _write(self.path / _EVENT / "enable", "1")
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it away."""
        self._remove()

    def drops(self) -> tuple[Drop, ...]:
        """What was told since it was asked last."""
        parts = []
        with suppress(BlockingIOError):
            while part := os.read(self._pipe, 1 << 16):
                parts.append(part)
        return tuple(read(b"".join(parts).decode(errors="replace")))

    def _remove(self) -> None:
        if self._pipe >= 0:
            os.close(self._pipe)
        guard, self._pipe, self._guard = self._guard, -1, None
        if guard and guard.stdin:
            guard.stdin.close()
            guard.wait()
        _take_away(self.path)


def read(text: str) -> Iterator[Drop]:
    """Read lines as trace_pipe has them; others are left out. Pure."""
    for line in text.splitlines():
        if found := _LINE.search(line):
            yield Drop(int(found[1]), found[2], found[3])


def sweep() -> None:
    """Take away the instances of processes that are gone, where we may."""
    with suppress(OSError):
        folder = tracing()
        for path in (folder / "instances").iterdir() if folder else ():
            if is_abandoned(path.name, PREFIX):
                _take_away(path)


def _take_away(path: Path) -> None:
    if path.is_dir():
        with suppress(OSError):
            _write(path / _EVENT / "enable", "0")
        with suppress(OSError):
            path.rmdir()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="ascii")
