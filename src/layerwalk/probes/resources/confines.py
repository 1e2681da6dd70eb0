"""The limits that control groups set a process: processor time, memory, tasks; both versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from layerwalk.probes.facts.cgroups import Confines, CpuQuota, MemoryLimit, TasksLimit
from layerwalk.probes.resources.figures import Files
from layerwalk.probes.resources.hierarchies import Hierarchy, Place, place_of
from layerwalk.probes.resources.pressures import of_group

_MICRO, _NANO = 1e6, 1e9
_NO_LIMIT = 1 << 60
"""The first version writes "none" as the largest number of pages that there may be."""

_Limit = TypeVar("_Limit")
_Read = Callable[[Files, str], _Limit | None]


def confines(files: Files, found: tuple[Hierarchy, ...], pid: str) -> Confines:
    """Read the limits of all groups that a process is in, from its own upwards."""

    def limits(name: str, first: _Read[_Limit], second: _Read[_Limit]) -> tuple[_Limit, ...]:
        places = place_of(files, found, pid, name)
        return tuple(it for place in places for it in _each(place, first, second))

    every = tuple(place_of(files, found, pid, "memory"))
    unified = next((it for it in every if it.version == 2 and it.folders), None)
    return Confines(
        group=next((it.group for it in every if it.group != "/"), ""),
        cpu=limits("cpu", _cpu_1, _cpu_2),
        memory=limits("memory", _memory_1, _memory_2),
        tasks=tuple(it for place in place_of(files, found, pid, "pids") for it in _tasks(place)),
        pressures=of_group(unified.files, unified.folders[0]) if unified else (),
    )


def _each(place: Place, first: _Read[_Limit], second: _Read[_Limit]) -> Iterator[_Limit]:
    read = first if place.version == 1 else second
    for folder in place.folders:
        limit = read(place.files, folder)
        if limit is not None:
            yield limit


def _cpu_1(files: Files, folder: str) -> CpuQuota | None:
    quota = files.number(f"{folder}/cpu.cfs_quota_us")
    period = files.number(f"{folder}/cpu.cfs_period_us")
    if quota is None or period is None:
        return None
    return _quota(files, folder, quota, period)


def _cpu_2(files: Files, folder: str) -> CpuQuota | None:
    words = files.text(f"{folder}/cpu.max").split()
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        return None
    return _quota(files, folder, int(words[0]), int(words[1]))


def _quota(files: Files, folder: str, quota: int, period: int) -> CpuQuota | None:
    if quota <= 0 or period <= 0:
        return None
    counted = files.pairs(f"{folder}/cpu.stat")
    nanoseconds = counted.get("throttled_time", counted.get("throttled_usec", 0) * 1000)
    return CpuQuota(
        folder=folder,
        processors=quota / period,
        period_s=period / _MICRO,
        periods=counted.get("nr_periods", 0),
        throttled=counted.get("nr_throttled", 0),
        throttled_s=nanoseconds / _NANO,
    )


def _memory_1(files: Files, folder: str) -> MemoryLimit | None:
    limit = files.number(f"{folder}/memory.limit_in_bytes")
    if limit is None or limit >= _NO_LIMIT:
        return None
    control = files.pairs(f"{folder}/memory.oom_control")
    counted = files.pairs(f"{folder}/memory.stat")
    return MemoryLimit(
        folder=folder,
        limit=limit,
        used=files.number(f"{folder}/memory.usage_in_bytes") or 0,
        inactive=counted.get("total_inactive_file", counted.get("inactive_file", 0)),
        hits=files.number(f"{folder}/memory.failcnt") or 0,
        ooms=control.get("oom_kill", 0),  # all that the first version counts
        oom_kills=control.get("oom_kill", 0),
        frozen=bool(control.get("under_oom", 0)),
        major_faults=counted.get("total_pgmajfault", counted.get("pgmajfault", 0)),
    )


def _memory_2(files: Files, folder: str) -> MemoryLimit | None:
    """Above memory.high a group is not killed, but held back until it has given memory back."""
    limits = [files.number(f"{folder}/memory.{name}") for name in ("max", "high")]
    known = [limit for limit in limits if limit is not None]
    if not known:
        return None
    events = files.pairs(f"{folder}/memory.events")  # of the groups below it, too
    local = files.pairs(f"{folder}/memory.events.local") or events  # from Linux 5.2 on
    counted = files.pairs(f"{folder}/memory.stat")
    return MemoryLimit(
        folder=folder,
        limit=min(known),
        used=files.number(f"{folder}/memory.current") or 0,
        inactive=counted.get("inactive_file", 0),
        hits=local.get("max", 0) + local.get("high", 0),
        ooms=local.get("oom", 0),
        oom_kills=events.get("oom_kill", 0),
        major_faults=counted.get("pgmajfault", 0),
    )


def _tasks(place: Place) -> Iterator[TasksLimit]:
    """Before Linux 6.11 a fork that fails is counted where it was tried, whichever limit it hit.

    From then on pids.events.local counts it at the limit (kernel's cgroup-v2).
    """
    files, tried = place.files, 0
    for folder in place.folders:
        tried += files.pairs(f"{folder}/pids.events").get("max", 0)
        local = files.pairs(f"{folder}/pids.events.local").get("max")
        limit = files.number(f"{folder}/pids.max")
        if limit is not None:
            yield TasksLimit(
                folder=folder,
                limit=limit,
                tasks=files.number(f"{folder}/pids.current") or 0,
                refused=tried if local is None else local,
            )
