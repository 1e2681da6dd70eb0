"""Which SYNs of other sorts an address calls for: with other options, at another pace."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.lost_at_home import answers_end_here, goes_astray
from layerwalk.diagnosis.reverse_path import may_be_filtered
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.probes.facts import (
    ConnectFact,
    ControlFact,
    Fact,
    FirewallFact,
    FlowsFact,
    HandshakeFact,
    LossFact,
    Outcome,
    PathMtuFact,
    PortState,
    ReversePathFact,
    SynOptionsFact,
    TraceFact,
)


def of_syns(host: AddressView) -> Iterator[Measure]:
    """What to ask with SYNs once the first look at the port is there."""
    if host.is_local or host.refused_by_us or any(fact.refused_locally for fact in host.syns):
        return
    rejected = host.syn_state is PortState.REJECTED  # by one with few reports to give: trace first
    if _options_may_matter(host) and not (rejected and host.last(TraceFact) is None):
        yield Measure(Step.SYN_OPTIONS, host.address)
    if _pace_may_matter(host):
        yield Measure(Step.SYN_PACE, host.address)
    if host.half_open and host.connects and _takes_one_more(host):
        yield Measure(Step.HANDSHAKE, host.address)
    silent = host.half_open and host.silence_is_sure and not host.connects
    if silent and host.alive and host.looked_for(ControlFact, Step.CONTROL):
        yield Measure(Step.STRAY_ACK, host.address)


def _options_may_matter(host: AddressView) -> bool:
    """Whether SYNs can be varied, or one that the kernel had to send again differed from it."""
    return host.half_open or host.syn_state is PortState.SILENT or _needed_another(host)


def _needed_another(host: AddressView) -> bool:
    return any(fact.waited_s >= _REPEATED_S for fact in host.connections)


def _takes_one_more(host: AddressView) -> bool:
    """Whether it is time for a connection: one at a time, unless each takes long."""
    return host.looked_for(PathMtuFact, Step.PATH_MTU) or host.trip_s >= _LONG_S


_LONG_S = 0.25

_QUIET_FOR_PACE: tuple[tuple[type[Fact], Step], ...] = (
    (TraceFact, Step.TRACE),
    (ConnectFact, Step.CONNECT),
    (FlowsFact, Step.FLOWS),
)
"""What sends SYNs of its own, which a limit would count."""


def _pace_may_matter(host: AddressView) -> bool:
    """Whether to ask at which pace, or when, SYNs are answered, and nobody else asks just now."""
    suspect = _some_are_answered(host) or _may_be_queued(host)
    if not suspect or goes_astray(host) or host.takes_plain_only or _lost_here(host):
        return False
    return _is_quiet(host) and not _echoes_get_lost(host) and not host.differs_by_flow


def _lost_here(host: AddressView) -> bool:
    """Whether this machine's own interface loses enough to explain it, whatever the pace."""
    return host.loss is not None and host.loss.matters and host.loss.counted_here


def _is_quiet(host: AddressView) -> bool:
    """Whether nothing else sends SYNs any more; without raw sockets some of it never did."""
    before = list(_QUIET_FOR_PACE)
    if host.loss is None:  # a scan of many ports stands in for the sample
        before.append((LossFact, Step.LOSS))
    if _options_may_matter(host):
        before.append((SynOptionsFact, Step.SYN_OPTIONS))
    if host.half_open and host.connects:
        before.append((HandshakeFact, Step.HANDSHAKE))
    if host.port_state is PortState.OPEN:
        before.append((PathMtuFact, Step.PATH_MTU))
        before += _what_this_machine_drops(host)
    return all(host.looked_for(kind, step) for kind, step in before)


def _what_this_machine_drops(host: AddressView) -> Iterator[tuple[type[Fact], Step]]:
    """What tells why an answer to its SYN does not make a connection."""
    if host.connect is not None and host.connect.outcome is Outcome.SILENT:
        yield FirewallFact, Step.FIREWALL
        if may_be_filtered(host):
            yield ReversePathFact, Step.REVERSE_PATH


def _some_are_answered(host: AddressView) -> bool:
    """Some SYNs to an open port were answered, and others were not."""
    usual_s = _ROUND_TRIPS * host.trip_s  # neighbours may have had to be found first
    late = any(fact.waited_s >= _REPEATED_S + usual_s for fact in host.connections)
    fails = late or not (host.connects or host.lacks_port)
    suspect = host.some_syns_fail or (fails and not answers_end_here(host))
    return host.port_state is PortState.OPEN and suspect


def _may_be_queued(host: AddressView) -> bool:
    """No SYN was answered so far, and yet the target's own TCP is there behind the port."""
    return host.stray_ack is not None and host.stray_ack.reaches_tcp


_ROUND_TRIPS = 3
_REPEATED_S = 0.9
"""A connection that takes so long may have needed a second SYN."""


def _echoes_get_lost(host: AddressView) -> bool:
    tallies = host.loss.usable if host.loss else ()
    return any(it.kind == "echo" and it.lost.part > 1 for it in tallies)
