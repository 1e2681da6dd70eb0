"""How this machine is: processors, memory, disks, open files, tasks, over the time of a walk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from layerwalk.probes.facts.cgroups import Confines
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.pressure import Pressure, Resource, Stall, stall

GIB = 1 << 30
_MUCH = 0.25
"""From which share on it is worth a word that tasks wait."""


@dataclass(frozen=True, kw_only=True)
class ProcessorTimes:
    """What the processors did since the machine started, in seconds, all of them together."""

    busy_s: float = 0.0
    idle_s: float = 0.0
    io_wait_s: float = 0.0
    stolen_s: float = 0.0

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.busy_s + self.idle_s + self.io_wait_s + self.stolen_s


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes of memory and swap, and what the kernel counted since the machine started.

    ``swapped`` are pages in and out; ``major_faults`` those that had to be read from a disk.
    """

    total: int = 0
    available: int = 0
    swap_total: int = 0
    swap_free: int = 0
    swapped: int = 0
    major_faults: int = 0
    oom_kills: int = 0


@dataclass(frozen=True, kw_only=True)
class Disk:
    """One disk since the machine started: seconds with a request under way, and waited in all."""

    name: str
    busy_s: float = 0.0
    waited_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class MachineSample:
    """One look at the machine; ``at_s`` is the moment, on the clock that never goes back.

    ``load`` is the load average of a minute, ``running`` how many tasks want a processor,
    ``tasks`` how many there are. ``own_s`` is the processor time that the walk itself has used, in
    seconds, ``own_waited_s`` how long its threads waited for a processor, and ``confines`` are the
    limits of the groups that it is in. Limits are 0 where they could not be read.
    """

    at_s: float = 0.0
    processors: int = 1
    load: float = 0.0
    running: int = 0
    tasks: int = 0
    most_tasks: int = 0
    most_ids: int = 0
    open_files: int = 0
    most_open_files: int = 0
    times: ProcessorTimes = field(default_factory=ProcessorTimes)
    memory: Memory = field(default_factory=Memory)
    disks: tuple[Disk, ...] = ()
    pressures: tuple[Pressure, ...] = ()
    own_s: float = 0.0
    own_waited_s: float = 0.0
    confines: Confines = field(default_factory=Confines)


@dataclass(frozen=True, kw_only=True)
class MachineFact(Fact):
    """The machine at one moment, and at an earlier one where it was looked at before.

    What counts is what moved between the two looks: totals since the machine started are history.
    """

    probe: ClassVar[str] = "machine"
    layer: ClassVar[int] = 0
    of_machine: ClassVar[bool] = True

    sample: MachineSample = field(default_factory=MachineSample)
    earlier: MachineSample | None = None

    @property
    def span_s(self) -> float:
        """The time between the two looks, 0 where there was one."""
        return self.sample.at_s - self.earlier.at_s if self.earlier else 0.0

    @property
    def busy(self) -> float | None:
        """The share of all processors' time that was in use between the looks, 0 to 1."""
        first = self.earlier
        passed_s = self.sample.times.total_s - first.times.total_s if first else 0.0
        if first is None or passed_s <= 0:
            return None
        idle_s = self.sample.times.idle_s - first.times.idle_s
        waiting_s = self.sample.times.io_wait_s - first.times.io_wait_s
        return min(max(1 - (idle_s + waiting_s) / passed_s, 0.0), 1.0)

    @property
    def finding(self) -> str:
        """The figures that tell how the machine is, in one line."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        words = self._over_time() if self.earlier else self._at_once()
        return f"this machine: {', '.join(words)}"

    def _at_once(self) -> list[str]:
        now, memory = self.sample, self.sample.memory
        free, total = memory.available / GIB, memory.total / GIB
        words = [
            f"load {now.load:g} on {_count(now.processors, 'processor')}",
            f"{free:.1f} of {total:.1f} GiB memory available",
        ]
        if memory.swap_total:
            used = (memory.swap_total - memory.swap_free) / memory.swap_total
            words.append(f"{used:.0%} of the swap in use")
        words += [f"{now.open_files} open files", f"{now.tasks} tasks"]
        groups = [f"of this walk: {it}" for it in now.confines.remarks]
        return [*words, *_waits(now.pressures), *groups]

    def stalled(self, resource: Resource) -> Stall | None:
        """The shares of the time between the looks that tasks waited for a resource."""
        before = self.earlier.pressures if self.earlier else ()
        return stall(self.sample.pressures, before, resource, self.span_s)

    def _over_time(self) -> list[str]:
        words = [f"over {self.span_s:.1f} s"]
        shares = {it: self.stalled(it) for it in Resource}
        held = [
            f"{it.words} {one.some:.0%}" for it, one in shares.items() if one and one.some >= _MUCH
        ]
        if self.busy is not None:
            words.append(f"processors {self.busy:.0%} busy")
        first = self.earlier.memory if self.earlier else Memory()
        moved = self.sample.memory.swapped - first.swapped
        killed = self.sample.memory.oom_kills - first.oom_kills
        if killed > 0:
            words.append(f"{_count(killed, 'process', 'processes')} killed for want of memory")
        words.append(f"{moved} pages swapped" if moved > 0 else "nothing swapped")
        return words + ([f"tasks waited for {', '.join(held)} of the time"] if held else [])

    @property
    def command(self) -> str:
        """The same by hand."""
        return "uptime; free -m; head /proc/pressure/*; vmstat 1 3"


def _waits(pressures: tuple[Pressure, ...]) -> list[str]:
    """What tasks have waited for in much of the last ten seconds."""
    much = [one for one in pressures if one.some_avg10 >= _MUCH]
    each = ", ".join(f"{one.resource.words} {one.some_avg10:.0%}" for one in much)
    return [f"of the last 10 s tasks waited for {each}"] if each else []


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or f'{one}s'}"
