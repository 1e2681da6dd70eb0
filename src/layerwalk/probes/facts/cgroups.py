"""The share of the machine that a control group leaves to its processes: time, memory, tasks."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.probes.facts.pressure import Pressure


@dataclass(frozen=True, kw_only=True)
class CpuQuota:
    """One look at a group with a quota of processor time (kernel's cgroup-v2, sched-bwc).

    ``processors`` is the quota in processors' worth of time, ``periods`` and ``throttled`` count
    the periods in which the group ran at all and in which it was stopped, ``throttled_s`` is the
    time that it stood still so, in seconds, all since the group was made.
    """

    folder: str
    processors: float
    period_s: float
    periods: int = 0
    throttled: int = 0
    throttled_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class MemoryLimit:
    """One look at a group with a limit of memory, in bytes (kernel's cgroup-v2, v1 memory).

    ``hits`` counts how often usage ran into the limit, ``ooms`` how often nothing could be freed at
    it, ``oom_kills`` the processes of this group, and of those in it, that the kernel killed for
    want of memory, whichever limit was hit; ``frozen`` tells that the group's processes stand
    still because it may not kill any (v1's ``under_oom``). ``inactive`` is the file cache in it
    that is easily given back.
    """

    folder: str
    limit: int
    used: int
    inactive: int = 0
    hits: int = 0
    ooms: int = 0
    oom_kills: int = 0
    frozen: bool = False
    major_faults: int = 0

    @property
    def working(self) -> float:
        """The share of the limit that is in use and not easily given back, 0 to 1."""
        return max(self.used - self.inactive, 0) / self.limit if self.limit else 1.0


@dataclass(frozen=True, kw_only=True)
class TasksLimit:
    """One look at a group with a limit of tasks; ``refused`` counts the forks that failed on it.

    Older kernels don't tell on which of the limits from the process's own group upwards.
    """

    folder: str
    limit: int
    tasks: int
    refused: int = 0


@dataclass(frozen=True, kw_only=True)
class Confines:
    """The groups that a process is in, as far as they set it a limit, from its own upwards.

    ``group`` is the path of its own group; ``pressures`` are that group's, where the kernel keeps
    them by group (v2).
    """

    group: str = ""
    cpu: tuple[CpuQuota, ...] = ()
    memory: tuple[MemoryLimit, ...] = ()
    tasks: tuple[TasksLimit, ...] = ()
    pressures: tuple[Pressure, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is worth a word of these limits: quotas that stop it, and what is nearly used up."""
        return (
            *(_of_quota(one) for one in self.cpu if one.throttled),
            *(_of_memory(one) for one in self.memory if one.working >= _NEARLY or one.oom_kills),
            *(_of_tasks(one) for one in self.tasks if one.tasks >= _NEARLY * one.limit),
        )


_NEARLY = 0.9
_MIB = 1 << 20


def _of_quota(one: CpuQuota) -> str:
    return (
        f"its group may use {one.processors:.0%} of a processor and was stopped for that in "
        f"{one.throttled} of {one.periods} periods so far"
    )


def _of_memory(one: MemoryLimit) -> str:
    killed = f", {one.oom_kills} killed for that so far" if one.oom_kills else ""
    used, limit = one.used / _MIB, one.limit / _MIB
    return f"its group has {used:.0f} of the {limit:.0f} MiB that it may{killed}"


def _of_tasks(one: TasksLimit) -> str:
    return f"its group has {one.tasks} of the {one.limit} processes and threads that it may"
