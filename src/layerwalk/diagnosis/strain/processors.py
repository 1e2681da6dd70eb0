"""Whether there is no processor time left: by a group's quota, or because others have it all.

How busy a machine is tells little: a service that has its turn soon does not mind. What tells is
how long it could have run and did not (kernel's sched-stats), and how long its group was stopped
(kernel's sched-bwc). A task that waits and has not run since shows by its state alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import Strain
from layerwalk.diagnosis.strain.wanting import anybody_wants, kept_waiting_s, makes_late, sleeps
from layerwalk.probes.facts import Confines, CpuQuota, MachineFact, Moved, Resource

_MUCH = 0.25
"""The share of the time that it stands still from which on it explains that things come late."""

_MOST = 0.5
_BUSY, _HARDLY = 0.95, 0.1


def of_processors(seen: Resources) -> Iterator[Strain]:
    """Give every sign that processor time is short, where two looks show it."""
    for pair in seen.pairs:
        yield from _throttled(pair, seen.host)
        yield from _kept_waiting(pair, seen)
    if seen.moved is not None:
        yield from _meanwhile(seen.moved, seen.host)
        yield from _stolen(seen.moved, seen)
        if not seen.host.standpoint.serves:
            yield from _own(seen.moved)


def _throttled(pair: Moved, host: AddressView) -> Iterator[Strain]:
    """The service's group was stopped for much of the time, and not only others in it."""
    if sleeps(pair, host):
        return
    stands = pair.first.running and pair.last.running and pair.ran <= _HARDLY
    for quota, stood in _stops(pair.first.confines, pair.last.confines, pair.span_s):
        if stood >= _MUCH or stands:
            who = f"process {pair.last.pid} ({pair.last.name})"
            words = _stopped(who, quota, stood)
            yield Strain(words=words, status=Status.CONFIRMED, process=pair.last)


def _own(fact: MachineFact) -> Iterator[Strain]:
    """The group that this walk itself is in was stopped, or its threads had to wait for others."""
    first = fact.earlier
    if first is None:
        return
    for quota, stood in _stops(first.confines, fact.sample.confines, fact.span_s):
        if stood >= _MUCH:
            yield Strain(words=_stopped("what runs here", quota, stood), status=Status.CONFIRMED)
    waited = (fact.sample.own_waited_s - first.own_waited_s) / fact.span_s
    if waited >= _MOST and _is_full(fact):
        yield Strain(words=f"what runs here waited {_share(waited)} of the time for a processor")


def _stops(first: Confines, last: Confines, span_s: float) -> Iterator[tuple[CpuQuota, float]]:
    """Each quota that stopped its group in most periods, with the share that it stood still."""
    before = {one.folder: one for one in first.cpu}
    for now in last.cpu:
        was = before.get(now.folder)
        if was is None or now.periods <= was.periods:
            continue
        stopped = (now.throttled - was.throttled) / (now.periods - was.periods)
        if stopped >= _MOST:
            yield now, max(now.throttled_s - was.throttled_s, 0.0) / span_s


def _stopped(who: str, quota: CpuQuota, stood: float) -> str:
    share = f"stood still {_share(stood)} of the time" if stood else "hardly ran at all"
    return (
        f"{who} may use {quota.processors:.0%} of a processor (the quota of {quota.folder}) and "
        f"{share} for that"
    )


def _kept_waiting(pair: Moved, seen: Resources) -> Iterator[Strain]:
    """The service's threads could have run, and others did."""
    fact = seen.moved
    starved = pair.waited >= max(_MUCH, pair.ran) and makes_late(pair, seen.host)
    stands = pair.first.running > 0 and pair.last.running > 0 and pair.ran <= _HARDLY
    if not (starved or stands) or fact is None or not _is_full(fact):
        return
    waited = f"waited {_share(pair.waited)} of the time" if starved else "waits"
    yield Strain(
        words=f"process {pair.last.pid} ({pair.last.name}) could have run and {waited} for a "
        f"processor: {_load(fact)}",
        status=Status.CONFIRMED,
        process=pair.last,
    )


def _meanwhile(fact: MachineFact, host: AddressView) -> Iterator[Strain]:
    """Those of the service's threads that have ended since had waited for others."""
    waited_s = kept_waiting_s(host)
    if waited_s and _is_full(fact):
        words = f"the service waited {waited_s:.1f} s for a processor meanwhile: {_load(fact)}"
        yield Strain(words=words, status=Status.CONFIRMED)


def _stolen(fact: MachineFact, seen: Resources) -> Iterator[Strain]:
    """The machine is a guest, and its host gives it too little."""
    first = fact.earlier
    if first is None or not anybody_wants(seen):
        return
    passed_s = fact.sample.times.total_s - first.times.total_s
    stolen = (fact.sample.times.stolen_s - first.times.stolen_s) / max(passed_s, 0.01)
    if stolen >= _MUCH:
        yield Strain(words=f"the host of this virtual machine took {_share(stolen)} of its time")


def _is_full(fact: MachineFact) -> bool:
    """Whether all processors were in use, or tasks waited for one most of the time."""
    stalled = fact.stalled(Resource.CPU)
    busy = fact.busy is not None and fact.busy >= _BUSY
    return busy or (stalled is not None and stalled.some >= _MOST)


def _load(fact: MachineFact) -> str:
    busy = f"{fact.busy:.0%} busy, " if fact.busy is not None else ""
    return f"{fact.sample.processors} processors {busy}load {fact.sample.load:g}"


def _share(value: float) -> str:
    return f"{min(value, 1.0):.0%}"
