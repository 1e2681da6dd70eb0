"""Processes by psutil: what they are, whose they are, and who came of whom.

psutil is loaded late: a client's walk seldom looks at a process. What it does not know (how long a
thread waited for a processor, rights, soft limits of another user's process) is read beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from layerwalk.probes.resources.figures import Files

if TYPE_CHECKING:
    from types import ModuleType


_ALL_TASKS = re.compile(r" \d+/(\d+) ")
_FIRST = 1
"""The process that everything comes of: its new children are anybody's."""

_ROUNDED_S = 1.02
"""When the machine started is told in whole seconds, and what began since in hundredths."""


class Told(NamedTuple):
    """What is told of a process: the real user's number, bytes of address space."""

    name: str
    user: int
    address_space: int


def told_of(files: Files, pid: int) -> Told | None:
    """Ask for a process; ``None`` where there is none, or only what is left of one that ended."""
    psutil = _psutil(files)
    try:
        one = psutil.Process(pid)
        with one.oneshot():
            if one.status() == psutil.STATUS_ZOMBIE:
                return None  # it holds nothing any more
            return Told(one.name(), one.uids().real, one.memory_info().vms)
    except psutil.Error:
        return None


def born_of(files: Files, pid: int, since: float) -> tuple[int, ...]:
    """Give the descendants of a process that began after a moment, in seconds since 1970.

    A service that forks for each connection serves ours by one of them.
    """
    psutil = _psutil(files)
    if pid == _FIRST:
        return ()
    try:
        every = psutil.Process(pid).children(recursive=True)
        return tuple(it.pid for it in every if it.create_time() >= since - _ROUNDED_S)
    except psutil.Error:
        return ()


def tasks_of(files: Files, user: int, limit: int | None) -> int | None:
    """Count all threads of a user's processes, as RLIMIT_NPROC does (getrlimit(2)).

    ``None`` where there are not as many on the whole machine.
    """
    found = _ALL_TASKS.search(files.text("/proc/loadavg"))
    if limit is None or found is None or int(found[1]) < limit:
        return None
    psutil = _psutil(files)
    psutil.process_iter.cache_clear()
    every = (one.info for one in psutil.process_iter(["uids", "num_threads"]))
    own = (one["num_threads"] or 0 for one in every if one["uids"] and one["uids"].real == user)
    return int(sum(own))


def _psutil(files: Files) -> ModuleType:
    import psutil

    psutil.PROCFS_PATH = str(files.path("/proc"))
    return psutil
