"""Where flows that fail part from those that work: the last hop that the failing ones reach."""

from __future__ import annotations

from layerwalk.diagnosis.path_view import Hop, PathView
from layerwalk.probes.facts import AnswerKind, TraceKind

_ROUND = 2
"""A router that shows itself so many hops further on again has sent the packet in a circle."""


def last_of_failing(path: PathView) -> Hop | None:
    """The last hop that the failing flow is known to have reached; ``None`` if not followed.

    Where a router refuses, that is the router itself; where it goes in circles, the first of them.
    """
    if not any(path.tries(TraceKind.FAILING)):
        return None
    reached = path.expired(TraceKind.FAILING)
    refusing = _refusing(path)
    if refusing is not None:
        return refusing
    for number, address in sorted(reached.items()):
        if any(n >= number + _ROUND and who == address for n, who in reached.items()):
            return Hop(number, address)
    last = max(reached, default=0)
    return Hop(last, reached.get(last, path.source))


def first_of_working(path: PathView, after: Hop) -> Hop | None:
    """The first hop behind that which others than the failing flow are answered from."""
    reached = path.expired(TraceKind.WORKING)
    later = [number for number in reached if number > after.number]
    if later:
        return Hop(min(later), reached[min(later)])
    return path.next_known(after.number)


def _refusing(path: PathView) -> Hop | None:
    """The router that answers the failing flow with an ICMP error other than its expiry."""
    kind = AnswerKind.UNREACHABLE
    found = [
        (hop, answer.responder)
        for hop, answer in path.answered(TraceKind.FAILING)
        if answer.kind is kind and answer.responder != path.address
    ]
    if not found:
        return None
    number, address = min(found)
    return Hop(path.hop_of(address) or number, address)
