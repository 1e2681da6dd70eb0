"""Whether a service would have gone on, had the machine let it; or sleeps, and does not want to.

A service that sleeps while a connection waits for it to accept is held up by nothing that this
machine lacks: it waits for a lock, another service, a time. A busy machine beside it explains
nothing.
"""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.probes.facts import Moved

_HARDLY = 0.05
_FAULTS_A_SECOND = 10
_HALF, _QUARTER = 0.5, 0.25


def sleeps(pair: Moved, host: AddressView) -> bool:
    """Whether the process has left our own connection waiting, and slept meanwhile."""
    if ServerView(host).accepts is not False or pair.last.blocked or pair.ran >= _HARDLY:
        return False
    return not (makes_late(pair, host) or reads_back(pair))


def anybody_wants(seen: Resources) -> bool:
    """Whether one of the service's processes would have gone on, or none of them was seen twice."""
    return not seen.pairs or not all(sleeps(pair, seen.host) for pair in seen.pairs)


def reads_back(pair: Moved) -> bool:
    """Whether its pages of memory had to be read from a disk again and again."""
    return pair.faults >= _FAULTS_A_SECOND


def makes_late(pair: Moved, host: AddressView) -> bool:
    """Whether its waits for a processor explain how long our own connection waited.

    Either it waits for one still, or all that it waited makes up half of that.
    """
    waited_s = pair.waited * pair.span_s
    return pair.last.running > 0 or waited_s >= _HALF * _delay_s(host)


def kept_waiting_s(host: AddressView) -> float:
    """How long the service waited for a processor while our own connection waited for it.

    None, where that explains less than half of how long it took, and it would have been late
    without it, too.
    """
    fact, delay_s = ServerView(host).intake, _delay_s(host)
    waited_s = fact.service_waited_s if fact else 0.0
    in_time = host.timeout_s is not None and delay_s - waited_s <= host.timeout_s
    return waited_s if waited_s >= (_QUARTER if in_time else _HALF) * delay_s else 0.0


def _delay_s(host: AddressView) -> float:
    """How long our own connection waited: to be served, or in vain."""
    fact = ServerView(host).intake
    if fact is None:
        return host.connect.waited_s if host.connect else 0.0
    ends = [one for one in (fact.answered_s, fact.closed_s) if one is not None]
    if ServerView(host).mute or not (ends or fact.taken_s):
        return fact.waited_s
    return max(ends, default=fact.taken_s or 0.0)
