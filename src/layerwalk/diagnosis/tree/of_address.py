"""Which measurements one address calls for: the way out, the port, the path, and its quality."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.forged import first_reset
from layerwalk.diagnosis.lost_at_home import goes_astray
from layerwalk.diagnosis.reverse_path import may_be_filtered
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.tree.of_flows import many_flows
from layerwalk.diagnosis.tree.of_syns import of_syns
from layerwalk.probes.facts import (
    ConnectFact,
    ControlFact,
    EchoFact,
    FlowsFact,
    LossFact,
    PortState,
    ReversePathFact,
    SynFact,
    TraceFact,
)


def way_to(host: AddressView) -> Iterator[Measure]:
    """Only the first steps: the route and the next hop."""
    yield Measure(Step.ROUTE, host.address)
    if host.leaves and host.link is not None and host.link.resolves_neighbours:
        yield Measure(Step.NEIGHBOUR, host.address)


def of_address(host: AddressView) -> Iterator[Measure]:
    """Everything about one address."""
    yield from way_to(host)
    if not host.leaves:
        return
    yield Measure(Step.ECHO, host.address)
    if host.port is None:
        yield from _without_port(host)
        return
    yield Measure(Step.SYN, host.address)
    yield Measure(Step.CONNECT, host.address)
    if not host.is_local and not host.next_hop_is_dead:
        yield Measure(Step.TRACE, host.address)
    if host.next_hop_is_dead and _suspects_own_rules(host):
        yield Measure(Step.FIREWALL, host.address)
    if host.looked_for(ConnectFact, Step.CONNECT):  # it says whether a port was found
        yield Measure(Step.SOURCE_PORTS, host.address)
    yield from _quality(host)
    if host.next_hop_is_dead or not host.looked_for(SynFact, Step.SYN):
        return
    yield from _by_the_port(host)


def _without_port(host: AddressView) -> Iterator[Measure]:
    if host.next_hop_is_dead:
        return
    if may_be_filtered(host):
        yield Measure(Step.REVERSE_PATH, host.address)
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
    if state is PortState.SILENT or not host.syns:
        yield Measure(Step.SYN_AGAIN, host.address)
    if state is PortState.SILENT or (state is not PortState.OPEN and _echo_is_silent(host)):
        yield Measure(Step.CONTROL, host.address)
    yield from many_flows(host)
    yield from of_syns(host)
    yield from _far_control(host)
    yield from _on_this_machine(host)
    if (host.connects or state is PortState.OPEN) and not host.is_local:
        yield Measure(Step.PATH_MTU, host.address)


def _on_this_machine(host: AddressView) -> Iterator[Measure]:
    """What this machine itself may do to the connection's packets."""
    if _may_meet_own_rules(host):
        yield Measure(Step.FIREWALL, host.address)
    if _may_be_lost_here(host):
        yield Measure(Step.COUNTERS, host.address)
    if may_be_filtered(host) and _samples_are_taken(host):
        yield Measure(Step.REVERSE_PATH, host.address)
    if host.half_open and _may_tell_why(host):
        yield Measure(Step.DROP_REASONS, host.address)


def _samples_are_taken(host: AddressView) -> bool:
    """Whether what sends most has ended: its answers would be counted among those of a burst."""
    if host.scan_sample or host.syn_state not in {PortState.OPEN, PortState.CLOSED}:
        return True
    return host.looked_for(LossFact, Step.LOSS) and host.looked_for(FlowsFact, Step.FLOWS)


def _may_tell_why(host: AddressView) -> bool:
    """Whether the kernel may say why it drops, and no burst is under way that is counted."""
    if may_be_filtered(host):
        return host.looked_for(ReversePathFact, Step.REVERSE_PATH)
    return _suspects_own_rules(host)


def _quality(host: AddressView) -> Iterator[Measure]:
    """How well packets get through, once anything at all does."""
    if host.is_local:
        return
    answered = host.syn_state in {PortState.OPEN, PortState.CLOSED}
    if (answered or host.connects or host.alive) and not host.scan_sample:
        yield Measure(Step.LOSS, host.address)
    if host.loss and host.loss.matters and host.last(TraceFact) and _is_chance(host):
        yield Measure(Step.HOP_LOSS, host.address)
    if host.connects and host.connections[0].waited_s >= (host.timeout_s or 2.0) / 2:
        yield Measure(Step.CONNECT_AGAIN, host.address)


def _is_chance(host: AddressView) -> bool:
    """Whether loss is spread over the flows, over more than one link, and not by neighbours."""
    tried = host.port is None or host.looked_for(FlowsFact, Step.FLOWS)
    return tried and not (host.differs_by_flow or host.path.on_link or goes_astray(host))


def _echo_is_silent(host: AddressView) -> bool:
    echo = host.last(EchoFact)
    return echo is not None and not echo.replies


def _far_control(host: AddressView) -> Iterator[Measure]:
    """Another port that answers gives the target's distance where echoes do not.

    So does the port itself where it answers plain SYNs and no others.
    """
    trace, control = host.last(TraceFact), host.last(ControlFact)
    if trace is None or host.path.distance is not None:
        return
    if host.takes_plain_only:
        yield Measure(Step.CONTROL_TRACE, host.address, host.port)
        return
    for fact in control.ports if control else ():
        if any(answer.arrived(host.bare) for answer in fact.answers):
            yield Measure(Step.CONTROL_TRACE, host.address, fact.port)
            return


def _suspects_own_rules(host: AddressView) -> bool:
    """This machine's kernel would not send, or does not let in what came back."""
    if host.refused_by_us or any(fact.refused_locally for fact in host.syns):
        return True
    silent = host.connect is not None and not (host.connects or host.lacks_port)
    return silent and (host.syn_state is PortState.OPEN or not host.half_open)


def _may_meet_own_rules(host: AddressView) -> bool:
    """Rules for a device drop unseen, and NAT sends elsewhere: both look like a silent network."""
    silent = host.connect is not None and not host.connects and host.half_open
    return (silent and host.syn_state is PortState.SILENT) or _suspects_own_rules(host)


def _may_be_lost_here(host: AddressView) -> bool:
    """A connection attempt is silent, or reset before the first hop: rules here would do that."""
    if host.half_open or not host.syns or host.is_local:
        return False
    silent = host.syn_state is PortState.SILENT
    return silent or (host.syn_state is PortState.CLOSED and first_reset(host) == 1)
