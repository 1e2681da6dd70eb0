"""How the processes are that the connection is about: at which limits, and what holds them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from layerwalk.probes.facts.cgroups import Confines
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.file_systems import FileSystem


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The soft limits of a process, ``None`` for none (getrlimit(2)); memory in bytes."""

    open_files: int | None = None
    tasks: int | None = None
    address_space: int | None = None


@dataclass(frozen=True, kw_only=True)
class ProcessSample:
    """One look at a process.

    ``open_files`` counts its open files and ``free_files`` the descriptor numbers below the limit
    that are still to be had, ``None`` where only their count may be seen. ``user_tasks`` counts all
    tasks of its user, ``None`` where the limit is too far to count; ``exempt`` tells that the limit
    of tasks is none for it. ``ran_s`` and ``waited_s`` are the seconds that its living threads have
    run, and have waited for a processor though they could have run; ``running`` and ``blocked``
    count its threads that want a processor and those that wait for a disk (states R and D of
    proc(5)), and ``major_faults`` how often they had to have a page of memory read from a disk.
    """

    pid: int
    name: str = ""
    user: int = 0
    threads: int = 1
    limits: Limits = field(default_factory=Limits)
    open_files: int | None = None
    free_files: int | None = None
    user_tasks: int | None = None
    exempt: bool = False
    address_space: int = 0
    ran_s: float = 0.0
    waited_s: float = 0.0
    running: int = 0
    blocked: int = 0
    major_faults: int = 0
    confines: Confines = field(default_factory=Confines)
    file_systems: tuple[FileSystem, ...] = ()

    @property
    def out_of_files(self) -> bool:
        """Whether it can open nothing more: no descriptor number below its limit is free."""
        if self.free_files is not None:
            return self.free_files <= 0
        limit = self.limits.open_files
        return self.open_files is not None and limit is not None and self.open_files >= limit

    @property
    def out_of_tasks(self) -> bool:
        """Whether its user may start nothing more."""
        limit = self.limits.tasks
        reached = self.user_tasks is not None and limit is not None and self.user_tasks >= limit
        return reached and not self.exempt


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A process at two looks, ``span_s`` seconds apart."""

    first: ProcessSample
    last: ProcessSample
    span_s: float

    @property
    def waited(self) -> float:
        """The share of the time that its threads waited for a processor; more than 1 for many."""
        waited_s = max(self.last.waited_s - self.first.waited_s, 0.0)
        return waited_s / self.span_s if self.span_s > 0 else 0.0

    @property
    def ran(self) -> float:
        """The share of the time that they ran; more than 1 for many."""
        ran_s = max(self.last.ran_s - self.first.ran_s, 0.0)
        return ran_s / self.span_s if self.span_s > 0 else 0.0

    @property
    def faults(self) -> float:
        """How often a second a page of memory had to be read from a disk for it."""
        count = max(self.last.major_faults - self.first.major_faults, 0)
        return count / self.span_s if self.span_s > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class ProcessFact(Fact):
    """The processes of the service, or the one that a person names, at one moment or two.

    ``unseen`` is what could not be looked at for want of a right. A process that ended between the
    looks is in ``earlier`` alone.
    """

    probe: ClassVar[str] = "process"
    layer: ClassVar[int] = 0
    of_machine: ClassVar[bool] = True

    at_s: float = 0.0
    processes: tuple[ProcessSample, ...] = ()
    earlier_s: float = 0.0
    earlier: tuple[ProcessSample, ...] = ()
    unseen: str = ""

    @property
    def moved(self) -> Iterator[Moved]:
        """Those that were seen twice, or that are new: they had done nothing at the first look."""
        before = {one.pid: one for one in self.earlier}
        for one in self.processes if self.earlier else ():
            first = before.get(one.pid, _unborn(one))
            yield Moved(first=first, last=one, span_s=round(self.at_s - self.earlier_s, 6))

    @property
    def ended(self) -> tuple[ProcessSample, ...]:
        """Those that are no more."""
        left = {one.pid for one in self.processes}
        return tuple(one for one in self.earlier if one.pid not in left)

    @property
    def finding(self) -> str:
        """Each process by name, with its open files and threads; what is full besides."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        words = [_of_process(one) for one in self.processes[:_SHOWN]]
        if len(self.processes) > _SHOWN:
            words.append(f"{len(self.processes) - _SHOWN} more processes")
        short = (it for one in self.processes for it in one.file_systems if it.full or it.turned)
        groups = (it for one in self.processes for it in one.confines.remarks)
        return "; ".join([*words, *dict.fromkeys(groups), *dict.fromkeys(it.words for it in short)])

    @property
    def command(self) -> str:
        """The same by hand."""
        pid = self.processes[0].pid if self.processes else "PID"
        return f"cat /proc/{pid}/limits /proc/{pid}/cgroup; ls /proc/{pid}/fd | wc -l"


def _unborn(one: ProcessSample) -> ProcessSample:
    """What it was before it began: its groups were there already."""
    return replace(one, ran_s=0.0, waited_s=0.0, running=0, blocked=0, major_faults=0)


_SHOWN = 3


def _of_process(one: ProcessSample) -> str:
    files = "?" if one.open_files is None else one.open_files
    limit = "no limit" if one.limits.open_files is None else one.limits.open_files
    tasks = "1 thread" if one.threads == 1 else f"{one.threads} threads"
    return f"process {one.pid} ({one.name}): {files} open files of {limit}, {tasks}"
