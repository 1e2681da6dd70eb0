"""Which processes hold a socket: looked up in what proc(5) shows of their open files.

It takes the rights of their owner, or CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH; a process that may
not be looked at is counted. Inode numbers are the machine's: also those of containers are found,
as far as their processes are seen from here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from layerwalk.probes.facts.live_sockets import Holder

__all__ = ["Holder", "Holders", "holders", "process_name", "sockets_of"]

_PROC = Path("/proc")
_PREFIX = "socket:["
_FIRST = 1
"""The process that every system and container has; whoever does not see it does not see all."""


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Who holds which socket, by its inode; ``unseen`` counts processes that were not shown."""

    by_inode: Mapping[int, tuple[Holder, ...]] = field(default_factory=dict)
    unseen: int = 0

    def of(self, inode: int) -> tuple[Holder, ...]:
        """The processes that hold it, as far as they were seen."""
        return self.by_inode.get(inode, ())


def holders(inodes: Collection[int] | None = None, proc: Path = _PROC) -> Holders:
    """Look for the processes that hold these sockets, or any where none are named."""
    found: dict[int, list[Holder]] = {}
    wanted = None if inodes is None else frozenset(inodes) - {0}
    pids = _pids(proc)
    unseen = int(_FIRST not in pids)
    for pid in pids:
        try:
            held = sockets_of(pid, proc)
        except PermissionError:
            unseen += _has_program(pid, proc)
            continue
        except OSError:  # it has ended
            continue
        mine = {fd: it for fd, it in held.items() if wanted is None or it in wanted}
        name = process_name(pid, proc) if mine else ""
        for descriptor, inode in mine.items():
            holder = Holder(pid=pid, name=name, descriptor=descriptor)
            found.setdefault(inode, []).append(holder)
    return Holders(by_inode={it: tuple(who) for it, who in found.items()}, unseen=unseen)


def sockets_of(pid: int, proc: Path = _PROC) -> dict[int, int]:
    """Give the inodes of the sockets that a process has open, of all kinds, by descriptor.

    Raises:
        ProcessLookupError: there is no such process.
        PermissionError: this user may not look at it.
    """
    folder = proc / str(pid) / "fd"
    try:
        with os.scandir(folder) as entries:
            descriptors = [entry.name for entry in entries]
    except FileNotFoundError as error:
        raise ProcessLookupError(*error.args) from error
    found = {}
    for descriptor in descriptors:
        try:
            target = os.readlink(f"{folder}/{descriptor}")  # noqa: PTH115 - 50,000 of them
        except FileNotFoundError:  # closed meanwhile
            continue
        if target.startswith(_PREFIX):
            found[int(descriptor)] = int(target[len(_PREFIX) : -1])
    return found


def _pids(proc: Path) -> list[int]:
    with os.scandir(proc) as entries:
        return sorted(int(entry.name) for entry in entries if entry.name.isdecimal())


def _has_program(pid: int, proc: Path) -> bool:
    """Whether a process runs a program: the kernel's own threads, which hold nothing, run none."""
    try:
        return bool((proc / str(pid) / "cmdline").read_bytes())
    except OSError:
        return False


def process_name(pid: int, proc: Path = _PROC) -> str:
    """What a process calls itself; empty where it has gone."""
    try:
        return (proc / str(pid) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
