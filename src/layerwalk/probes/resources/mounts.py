"""The mounts that a process sees, from its mountinfo (proc_pid_mountinfo(5))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from layerwalk.probes.resources.figures import Files

_OCTAL = re.compile(r"\\([0-7]{3})")
_FIELDS_BEFORE, _FIELDS_BEHIND = 6, 3


@dataclass(frozen=True)
class Mount:
    """One mount: what of the file system is mounted (``root``), where, and how.

    ``writable`` is what the mount allows, ``turned`` tells that the file system itself is read-only
    all the same; ``options`` are the file system's own.
    """

    place: str
    root: str
    kind: str
    options: str
    writable: bool
    turned: bool


def mounts(files: Files, pid: str, kinds: Iterable[str] = ()) -> tuple[Mount, ...]:
    """Read the mounts of a process, those of some kinds only where any are named."""
    return tuple(_read(files.text(f"/proc/{pid}/mountinfo"), frozenset(kinds)))


def _read(text: str, kinds: frozenset[str]) -> Iterator[Mount]:
    for line in text.splitlines():
        before, dash, behind = line.partition(" - ")
        fields, own = before.split(" "), behind.split(" ")
        if not dash or len(fields) < _FIELDS_BEFORE or len(own) < _FIELDS_BEHIND:
            continue
        kind, options = own[0], own[2]
        if kinds and kind not in kinds:
            continue
        writable = "rw" in fields[5].split(",")
        turned = writable and "ro" in options.split(",")
        yield Mount(_plain(fields[4]), _plain(fields[3]), kind, options, writable, turned)


def _plain(text: str) -> str:
    """Undo the escapes of blanks and the like."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)
