"""One look at a process: its limits and what it has of each, its groups, its file systems.

Limits, threads, groups and the number of open files may be read by anyone (the last from Linux 6.2
on); which descriptors and file systems they are takes what ptrace(2) calls read access.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from layerwalk.probes.facts.process import Limits, ProcessSample
from layerwalk.probes.resources.confines import confines
from layerwalk.probes.resources.figures import HERE, Files, number
from layerwalk.probes.resources.file_systems import file_systems
from layerwalk.probes.resources.hierarchies import Hierarchy
from layerwalk.probes.resources.processes import tasks_of, told_of
from layerwalk.probes.resources.threads import threads

_RESOURCE, _ADMIN = 24, 21  # CAP_SYS_RESOURCE, CAP_SYS_ADMIN (linux/capability.h)
_FILES, _TASKS, _SPACE = "Max open files", "Max processes", "Max address space"


def look_at(
    pid: int, found: tuple[Hierarchy, ...], since: float, files: Files = HERE
) -> ProcessSample | None:
    """Look at a process; ``None`` where there is none. ``since`` is for its file systems."""
    home = f"/proc/{pid}"
    told = told_of(files, pid)
    if told is None:
        return None
    now, limits = threads(files, str(pid)), _limits(files.text(f"{home}/limits"))
    held = _rights(files.text(f"{home}/status"))
    count, numbers = _open_files(files, pid)
    return ProcessSample(
        pid=pid,
        name=told.name,
        user=told.user,
        threads=now.count,
        limits=limits,
        open_files=count,
        free_files=_free(numbers, limits.open_files),
        user_tasks=tasks_of(files, told.user, limits.tasks),
        exempt=_is_first_space(files.text(f"{home}/uid_map"))
        and (told.user == 0 or bool(held >> _RESOURCE & 1 or held >> _ADMIN & 1)),
        address_space=told.address_space,
        ran_s=now.ran_s,
        waited_s=now.waited_s,
        running=now.running,
        blocked=now.blocked,
        major_faults=now.major_faults,
        confines=confines(files, found, str(pid)),
        file_systems=tuple(
            file_systems(files, str(pid), root_user=bool(held >> _RESOURCE & 1), since=since)
        ),
    )


def _is_first_space(mapping: str) -> bool:
    """Whether a process is in the first user namespace: only there root has no limit of tasks."""
    return not mapping or mapping.split() == ["0", "0", "4294967295"]


def _rights(status: str) -> int:
    """Read the rights that count (capabilities(7)), a bit for each."""
    found = re.search(r"^CapEff:\t([0-9a-f]+)", status, re.MULTILINE)
    return int(found[1], 16) if found else 0


def _limits(text: str) -> Limits:
    """Read the soft limits (proc_pid_limits(5)); "unlimited" is none."""
    found: dict[str, int | None] = {}
    for line in text.splitlines():
        for name in (_FILES, _TASKS, _SPACE):
            if line.startswith(name):
                found[name] = number(line.removeprefix(name))
    return Limits(
        open_files=found.get(_FILES),
        tasks=found.get(_TASKS),
        address_space=found.get(_SPACE),
    )


def _open_files(files: Files, pid: int) -> tuple[int | None, tuple[int, ...] | None]:
    """How many files are open, and at which numbers; ``None`` for what may not be read."""
    folder = files.path(f"/proc/{pid}/fd")
    try:
        numbers = tuple(int(name) for name in os.listdir(folder))  # noqa: PTH208
    except (OSError, ValueError):
        return _counted(folder), None
    return len(numbers), numbers


def _counted(folder: os.PathLike[str]) -> int | None:
    """The folder's size, which is their number from Linux 6.2 on; 0 tells nothing."""
    try:
        return os.stat(folder).st_size or None  # noqa: PTH116
    except OSError:
        return None


def _free(numbers: Iterable[int] | None, limit: int | None) -> int | None:
    """How many numbers below the limit are free: open() takes the lowest (getrlimit(2))."""
    if numbers is None or limit is None:
        return None
    return max(limit - sum(1 for one in numbers if one < limit), 0)
