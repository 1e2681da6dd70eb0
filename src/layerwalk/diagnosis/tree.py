"""The decision tree: which measurements the facts so far call for. It never concludes.

Sans I/O: facts go in, the measurements to make come out, several at once where none needs the
other. Nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.forged import first_reset
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    ControlFact,
    EchoFact,
    PortState,
    Refusal,
    SynFact,
    TraceFact,
)


class Step(StrEnum):
    """The measurements that a walk is made of."""

    LINKS = "links"
    TIMERS = "timers"
    RESOLVE = "resolve"
    ROUTE = "route"
    NEIGHBOUR = "neighbour"
    ECHO = "echo"
    SYN = "syn"
    SYN_AGAIN = "syn-again"
    CONNECT = "connect"
    CONNECT_AGAIN = "connect-again"
    LOSS = "loss"
    HOP_LOSS = "hop-loss"
    TRACE = "trace"
    CONTROL = "control"
    CONTROL_TRACE = "control-trace"
    PATH_MTU = "path-mtu"
    FIREWALL = "firewall"
    COUNTERS = "counters"


@dataclass(frozen=True)
class Measure:
    """One measurement: what, and of which address (and port, where it is not the target's)."""

    step: Step
    address: str = ""
    port: int | None = None

    @property
    def name(self) -> str:
        """The measurement in one line, as events and evidence name it."""
        words = [str(self.step), self.address, str(self.port or "")]
        return " ".join(word for word in words if word)


_PATHS_AT_ONCE = 2
_ON_THE_PATH = {Step.TRACE, Step.SYN_AGAIN}


def wanted(view: WalkView) -> Iterator[Measure]:
    """Every measurement that the facts call for, made already or not."""
    yield Measure(Step.LINKS)
    yield Measure(Step.TIMERS)
    if view.target.address is None:
        yield Measure(Step.RESOLVE)
    yield from _of_addresses(view)
    if view.asks_in_vain:
        for server in view.nameservers:
            yield from _way_to(server)


def _of_addresses(view: WalkView) -> Iterator[Measure]:
    """Everything at once, but paths two by two: their routers answer only so often.

    The last of them may have to report, late, that nobody there has the address.
    """
    ended = {evidence.step for evidence in view.evidence}
    busy = 0
    for address in (*view.addresses, *view.rivals):
        host = view.of(address)
        found = list(_of_address(host) if address in view.in_full else _glance(host))
        early = busy >= _PATHS_AT_ONCE
        yield from (m for m in found if not early or m.step is not Step.TRACE or m.name in ended)
        busy += any(m.step in _ON_THE_PATH and m.name not in ended for m in found)


def _way_to(host: AddressView) -> Iterator[Measure]:
    """The first steps only: the route and the next hop."""
    yield Measure(Step.ROUTE, host.address)
    if host.leaves and host.link is not None and host.link.resolves_neighbours:
        yield Measure(Step.NEIGHBOUR, host.address)


def _glance(host: AddressView) -> Iterator[Measure]:
    """As little as tells whether an address works."""
    yield Measure(Step.ROUTE, host.address)
    if host.leaves and not host.next_hop_is_dead:
        steps = (Step.ECHO,) if host.port is None else (Step.SYN, Step.CONNECT)
        yield from (Measure(step, host.address) for step in steps)


def _of_address(host: AddressView) -> Iterator[Measure]:
    yield from _way_to(host)
    if not host.leaves:
        return
    yield Measure(Step.ECHO, host.address)
    if host.port is None:
        yield from _without_port(host)
        return
    yield Measure(Step.SYN, host.address)
    yield Measure(Step.CONNECT, host.address)
    if host.next_hop_is_dead and _suspects_own_rules(host):
        yield Measure(Step.FIREWALL, host.address)
    yield from _quality(host)
    if host.next_hop_is_dead or not host.looked_for(SynFact, Step.SYN):
        return
    yield from _by_the_port(host)


def _without_port(host: AddressView) -> Iterator[Measure]:
    if host.next_hop_is_dead:
        return
    yield Measure(Step.TRACE, host.address)
    yield from _quality(host)
    echo = host.last(EchoFact)
    if echo and not echo.replies:
        yield Measure(Step.CONTROL, host.address)
    if echo and echo.replies and not host.is_local:
        yield Measure(Step.PATH_MTU, host.address)


def _by_the_port(host: AddressView) -> Iterator[Measure]:
    """What to measure once the first look at the port is there."""
    state = host.syn_state
    if not host.is_local:
        yield Measure(Step.TRACE, host.address)
    if state is PortState.SILENT or not host.syns:
        yield Measure(Step.SYN_AGAIN, host.address)
    if state is PortState.SILENT or (state is not PortState.OPEN and _echo_is_silent(host)):
        yield Measure(Step.CONTROL, host.address)
    yield from _far_control(host)
    if _suspects_own_rules(host):
        yield Measure(Step.FIREWALL, host.address)
    if _may_be_lost_here(host):
        yield Measure(Step.COUNTERS, host.address)
    if (host.connects or state is PortState.OPEN) and not host.is_local:
        yield Measure(Step.PATH_MTU, host.address)


def _quality(host: AddressView) -> Iterator[Measure]:
    """How well packets get through, once anything at all does."""
    if host.is_local:
        return
    answered = host.syn_state in {PortState.OPEN, PortState.CLOSED}
    if answered or host.connects or host.alive:
        yield Measure(Step.LOSS, host.address)
    if host.loss and host.loss.matters and host.last(TraceFact) and not host.path.on_link:
        yield Measure(Step.HOP_LOSS, host.address)
    if host.connects and host.connections[0].waited_s >= (host.timeout_s or 2.0) / 2:
        yield Measure(Step.CONNECT_AGAIN, host.address)


def _echo_is_silent(host: AddressView) -> bool:
    echo = host.last(EchoFact)
    return echo is not None and not echo.replies


def _far_control(host: AddressView) -> Iterator[Measure]:
    """Another port that answers gives the target's distance where echoes do not."""
    trace, control = host.last(TraceFact), host.last(ControlFact)
    if trace is None or control is None or host.path.distance is not None:
        return
    for fact in control.ports:
        if any(answer.responder == host.bare for answer in fact.answers):
            yield Measure(Step.CONTROL_TRACE, host.address, fact.port)
            return


def _suspects_own_rules(host: AddressView) -> bool:
    """This machine's kernel would not send, or does not let in what came back."""
    if host.refused_by_us or any(fact.refused_locally for fact in host.syns):
        return True
    silent = host.connect is not None and not host.connects
    return silent and (host.syn_state is PortState.OPEN or not host.half_open)


def _may_be_lost_here(host: AddressView) -> bool:
    """A connection attempt is silent, or reset before the first hop: rules here would do that."""
    if host.half_open or not host.syns or host.is_local:
        return False
    silent = host.syn_state is PortState.SILENT
    return silent or (host.syn_state is PortState.CLOSED and first_reset(host) == 1)


def needless(view: WalkView) -> Iterator[Measure]:
    """Measurements that can no longer change anything: what still runs of them may stop."""
    for address in (*view.addresses, *view.rivals):
        host = view.of(address)
        if host.next_hop_is_dead:
            unsent = any(fact.refused_locally for fact in host.syns)
            vain = [step for step in _PROBING if not (unsent and step is Step.CONNECT)]
            yield from (Measure(step, address) for step in vain)
        if host.last(TraceFact) is None:
            continue
        if _port_has_spoken(host):
            yield Measure(Step.ECHO, address)
            yield Measure(Step.CONTROL, address)
        if host.path_has_spoken:
            steps = _OTHERS if _syns_end_before(host) else _PROBING
            yield from (Measure(step, address) for step in steps)


def _syns_end_before(host: AddressView) -> bool:
    """What a router says of others does not hold for SYNs, if something drops them sooner."""
    return host.path.syn_lags and not host.syn_answers and not host.path.loop


_PROBING = (Step.ECHO, Step.SYN, Step.SYN_AGAIN, Step.CONNECT, Step.TRACE, Step.CONTROL)
"""What a dead next hop makes vain."""

_OTHERS = (Step.ECHO, Step.CONTROL)
"""What is vain where SYNs end before the router that speaks: something else drops them."""


def _port_has_spoken(host: AddressView) -> bool:
    """The port, or somebody in its place, gave an answer that no echo can change."""
    if host.syn_state in {PortState.OPEN, PortState.CLOSED}:
        return True
    final = {Refusal.PROHIBITED, Refusal.PORT}
    return host.syn_state is PortState.REJECTED and any(
        answer.refusal in final for answer in host.syn_answers
    )
