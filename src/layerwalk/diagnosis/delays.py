"""How long round trips to an address take, and after which hop the delay begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.probes.facts import RoundTrips, round_trips


def trips_of(host: AddressView) -> RoundTrips | None:
    """Round trips to the target itself; where it answers nothing, to the last hop that does.

    The sample that looks for loss counts before single answers: those may have waited for a
    neighbour to be found somewhere on the way.
    """
    if host.loss:
        found = [tally.trips for tally in host.loss.usable if tally.trips]
        if found:
            return min(found, key=lambda trips: trips.median_s)
    answers = [*host.syn_answers, *host.alive]
    own = [answer.rtt_s for answer in answers if answer.arrived(host.bare)]
    if own:
        return round_trips(_without_first(own))
    last = max(_hop_times(host), default=0)
    return round_trips(_hop_times(host)[last]) if last else None


def _without_first(found: Sequence[float]) -> list[float]:
    """Leave the shortest only: each may be a first one that had to wait."""
    return [min(found)]


def delay_begins(host: AddressView) -> int:
    """The hop behind which round trips grow most and stay long; 0 is this machine.

    A hop counts with the shortest round trip of itself and of all behind it, so that a router that
    is merely slow to answer makes no difference.
    """
    times = {hop: min(found) for hop, found in _hop_times(host).items()}
    own = trips_of(host)
    end = host.path.end or max(times, default=0) + 1
    if own:
        times[end] = min(own.best_s, times.get(end, own.best_s))
    hops = [hop for hop in sorted(times) if hop <= end]
    floors = [min(times[one] for one in hops if one >= hop) for hop in hops]
    points = [(0, 0.0), *zip(hops, floors, strict=True)]
    steps = [(later[1] - earlier[1], earlier[0]) for earlier, later in pairwise(points)]
    return max(steps, default=(0.0, 0), key=lambda step: step[0])[1]


def _hop_times(host: AddressView) -> dict[int, list[float]]:
    times: dict[int, list[float]] = {}
    prompt = ((hop, answer) for hop, answer in host.path.answered() if answer.tells_the_trip)
    for hop, answer in prompt:
        times.setdefault(hop, []).append(answer.rtt_s)
    for one in host.hop_loss.hops if host.hop_loss else ():
        if one.best_s is not None:
            times.setdefault(one.hop, []).append(one.best_s)
    return times
