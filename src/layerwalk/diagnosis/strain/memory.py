"""Whether memory is short: processes are killed or stopped for it, or stand still to get some.

Memory in use is nothing: the kernel fills it with files on purpose, and gives swapped pages back
when they are wanted. Stalls are what harms (kernel's accounting/psi), and so are kills.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import Strain
from layerwalk.diagnosis.strain.wanting import anybody_wants
from layerwalk.probes.facts import (
    MachineFact,
    MemoryLimit,
    Moved,
    ProcessSample,
    Resource,
    stall,
)

_ALL_STALLED, _SOME_STALLED = 0.1, 0.5
"""From these shares on memory decides how fast anything goes: nobody runs for a tenth of the time,
or somebody waits half of it."""

_WORKING = 0.9
_FAULTS_A_SECOND, _PAGES_A_SECOND = 50, 1000
_LEAST_AVAILABLE = 0.05
_LEAST_SPACE = 8 << 20
"""A thread's stack; or less than a tenth."""


def of_memory(seen: Resources) -> Iterator[Strain]:
    """Give every sign that memory is short."""
    for pair in seen.pairs:
        yield from _of_groups(pair)
    for one in seen.process.processes if seen.process else ():
        yield from _of_space(one)
    if seen.moved is not None and anybody_wants(seen):
        yield from _of_machine(seen.moved, seen)


def _of_groups(pair: Moved) -> Iterator[Strain]:
    who = _who(pair.last)
    before = {one.folder: one for one in pair.first.confines.memory}
    for now in pair.last.confines.memory:
        yield from _of_group(pair, before.get(now.folder, now), now)
    found = stall(
        pair.last.confines.pressures, pair.first.confines.pressures, Resource.MEMORY, pair.span_s
    )
    if found and (found.full >= _ALL_STALLED or found.some >= _SOME_STALLED):
        words = f"the group of {who} stood still {found.some:.0%} of the time to get memory"
        yield Strain(words=words, status=Status.CONFIRMED, process=pair.last)


def _of_group(pair: Moved, was: MemoryLimit, now: MemoryLimit) -> Iterator[Strain]:
    """What became of a group at its limit."""
    who, one = _who(pair.last), pair.last
    limit = f"the limit of {now.folder}, {_mib(now.limit)}"
    killed = now.oom_kills - was.oom_kills
    its_own = now.ooms > was.ooms
    if killed > 0 and (its_own or _is_of(pair, now)):  # else it may be of a group beside
        where = f"at {limit}" if its_own else "for want of memory"
        words = f"the kernel killed {_processes(killed)} of the group of {who} {where}"
        yield Strain(words=words, status=Status.CONFIRMED, process=pair.last)
    if now.frozen:
        words = f"the group of {who} is out of memory and stopped ({limit}; nothing may be killed)"
        yield Strain(words=words, status=Status.CONFIRMED, process=pair.last)
    faults = (now.major_faults - was.major_faults) / pair.span_s
    if now.hits > was.hits and now.working >= _WORKING and faults >= _FAULTS_A_SECOND:
        yield Strain(
            words=f"the group of {who} is at {limit}, and reads its pages back from a disk "
            f"{faults:.0f} times a second",
            process=one,
        )


def _is_of(pair: Moved, limit: MemoryLimit) -> bool:
    """Whether it is the limit of the process's own group, and not of one above it."""
    return limit.folder.endswith(pair.last.confines.group)


def _of_space(one: ProcessSample) -> Iterator[Strain]:
    """A process may have a limit of its own (RLIMIT_AS), beyond which nothing is given to it."""
    limit = one.limits.address_space
    if limit is not None and one.address_space > limit - max(_LEAST_SPACE, limit // 10):
        yield Strain(
            words=f"{_who(one)} has {_mib(one.address_space)} of the "
            f"{_mib(limit)} of address space that it may have",
            process=one,
        )


def _of_machine(fact: MachineFact, seen: Resources) -> Iterator[Strain]:
    """Kills, stalls and thrashing of the whole machine."""
    first, now = fact.earlier or fact.sample, fact.sample
    killed = now.memory.oom_kills - first.memory.oom_kills
    gone = bool(seen.process and seen.process.ended)
    if killed > 0 and (gone or _is_scarce(fact)):  # else it may be of a group that is not ours
        yield Strain(
            words=f"the kernel killed {_processes(killed)} for want of memory",
            status=Status.CONFIRMED if gone else Status.LIKELY,
        )
    found = fact.stalled(Resource.MEMORY)
    if found and (found.full >= _ALL_STALLED or found.some >= _SOME_STALLED):
        words = f"tasks stood still {found.some:.0%} of the time to get memory"
        yield Strain(words=words, status=Status.CONFIRMED)
    elif found is None and _thrashes(fact):
        yield Strain(
            words=f"{_mib(now.memory.available)} of {_mib(now.memory.total)} of memory are left, "
            "and pages go to swap and back all the time"
        )


def _thrashes(fact: MachineFact) -> bool:
    """Where the kernel tells of no stalls: little is left, and much is swapped or read again."""
    first, now = fact.earlier or fact.sample, fact.sample
    pages = (now.memory.swapped - first.memory.swapped) / fact.span_s
    faults = (now.memory.major_faults - first.memory.major_faults) / fact.span_s
    moves = pages >= _PAGES_A_SECOND or faults >= _PAGES_A_SECOND
    return moves and _is_scarce(fact)


def _is_scarce(fact: MachineFact) -> bool:
    """Whether the machine as a whole has hardly any memory left."""
    memory = fact.sample.memory
    return memory.available < _LEAST_AVAILABLE * memory.total


def _who(one: ProcessSample) -> str:
    return f"process {one.pid} ({one.name})"


def _mib(size: int) -> str:
    return f"{size / (1 << 20):.0f} MiB"


def _processes(count: int) -> str:
    return "a process" if count == 1 else f"{count} processes"
