"""Whether a file system that the service needs is full, or a disk can't keep up.

A disk that is busy all the time may take more all the same: many requests go on at once. What tells
is whether tasks stand still for it (kernel's accounting/psi), the service's own among them.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import Strain
from layerwalk.probes.facts import FileSystem, MachineFact, ProcessSample, Resource, Tie, stall

_STALLED = 0.25
_BUSY = 0.95
_CLOSE = {Tie.OPEN, Tie.FOLDER, Tie.NAMED}


def of_disks(seen: Resources) -> Iterator[Strain]:
    """Give every file system that is full, or was made read-only, and every stall for a disk."""
    for one in seen.process.processes if seen.process else ():
        for found in one.file_systems:
            if found.short or found.turned:
                yield _of_room(one, found)
    for pair in seen.pairs:
        blocked = pair.first.blocked > 0 or pair.last.blocked > 0
        first, last = pair.first.confines.pressures, pair.last.confines.pressures
        own = stall(last, first, Resource.IO, pair.span_s)
        if own and own.full >= _STALLED and blocked:
            words = (
                f"the group of {_who(pair.last)} stood still {own.full:.0%} of the time for disks"
            )
            yield Strain(words=words, status=Status.CONFIRMED, process=pair.last)
        elif seen.moved is not None and blocked:
            yield from _of_machine(seen.moved, pair.last)


def _of_room(one: ProcessSample, found: FileSystem) -> Strain:
    """How close the process is to it tells how sure it is that it matters."""
    close = found.tie in _CLOSE or found.changed
    if found.tie is Tie.NONE and not found.changed:
        return Strain(
            words=f"{found.words}; whether {_who(one)} writes there was not seen",
            status=Status.POSSIBLE,
            process=one,
            decide_by=f"Does {_who(one)} write to {found.place} (lsof -p {one.pid}, its log)?",
        )
    how = "it was written to meanwhile" if found.changed else f"{_who(one)} {found.tie}"
    sure = close and (found.full or found.turned)
    return Strain(
        words=f"{found.words}, and {how}",
        process=one,
        status=Status.CONFIRMED if sure else Status.LIKELY,
        decide_by="" if sure else f"Does {_who(one)} have to write to {found.place} (its log)?",
    )


def _of_machine(fact: MachineFact, one: ProcessSample) -> Iterator[Strain]:
    """Everything that runs stands still for disks, and the service with it."""
    found = fact.stalled(Resource.IO)
    if found is not None and found.full < _STALLED:
        return
    disk = _busiest(fact)
    if found is None and not disk:
        return
    share = f"everything stood still {found.full:.0%} of the time for disks" if found else ""
    words = ", ".join(it for it in (share, f"{disk} is busy all the time" if disk else "") if it)
    yield Strain(words=f"{words}, and {_who(one)} waits for one", process=one)


def _busiest(fact: MachineFact) -> str:
    """The disk that had a request under way all the time."""
    before = {one.name: one for one in fact.earlier.disks} if fact.earlier else {}
    for now in fact.sample.disks:
        was = before.get(now.name)
        if was and (now.busy_s - was.busy_s) >= _BUSY * fact.span_s:
            return now.name
    return ""


def _who(one: ProcessSample) -> str:
    return f"process {one.pid} ({one.name})"
