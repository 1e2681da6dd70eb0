"""What is read of this machine, or asked on its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerwalk.diagnosis.own_addresses import home
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.counters import counters
from layerwalk.probes.links import links
from layerwalk.probes.neighbour import neighbour
from layerwalk.probes.resolve import resolve
from layerwalk.probes.reverse_path import reverse_path
from layerwalk.probes.route import route
from layerwalk.probes.timers import timers
from layerwalk.session.steps.plan import WHOLE_S, Plan, peer_of, port_of

if TYPE_CHECKING:
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact


def _names(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return resolve(view.target, ctx)


def _next_hop(address: str, view: WalkView) -> str:
    way = view.of(address).route
    return way.next_hop if way else address


def _local_rules(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    from layerwalk.probes.firewall import firewall  # late: few walks need it

    if view.standpoint.serves:
        return _rules_for_clients(measure.address, view, ctx)
    peer = peer_of(measure.address, view)
    return firewall(peer.address, port_of(view), peer.source, peer.interface, ctx)


def _rules_for_clients(address: str, view: WalkView, ctx: ProbeContext) -> Fact:
    """What a client's packets meet, by the interface that the address belongs to."""
    from layerwalk.probes.firewall import inbound

    client, own = view.standpoint.client, home(view.of(address).links, address)
    at_home = bool(client) and home(view.of(address).links, client) is not None
    interface = "lo" if at_home or own is None else own.name
    return inbound(address, port_of(view), client, interface, ctx)


def _rule_trace(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    from layerwalk.probes.rule_trace.tracing import client_trace, rule_trace  # late: on consent

    peer, port = peer_of(measure.address, view), port_of(view)
    if view.standpoint.serves:
        own = home(view.of(measure.address).links, measure.address)
        interface = own.name if own else ""
        return client_trace(peer.address, port, view.standpoint.client, interface, ctx)
    return rule_trace(peer, port, ctx)


def _drop_reasons(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    from layerwalk.probes.drop_reasons import drop_reasons  # late: few walks need it

    return drop_reasons(peer_of(measure.address, view), port_of(view), ctx)


def _counters(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return counters(peer_of(measure.address, view), port_of(view), ctx)


def _reverse_path(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return reverse_path(peer_of(measure.address, view), view.target.port, ctx)


PLANS: dict[Step, Plan] = {
    Step.LINKS: Plan("Interfaces", 1, "the kernel's list", 1.0, lambda _m, _v, c: links(c)),
    Step.TIMERS: Plan("Timers", 4, "the kernel's settings", 1.0, lambda _m, _v, c: timers(c)),
    Step.RESOLVE: Plan("Name", 7, "every nameserver's answer", 3.0, _names),
    Step.ROUTE: Plan("Route", 3, "the kernel's choice", 1.0, lambda m, _v, c: route(m.address, c)),
    Step.NEIGHBOUR: Plan(
        "Next hop",
        2,
        "its answer on the link",
        WHOLE_S,
        lambda m, v, c: neighbour(peer_of(m.address, v), _next_hop(m.address, v), c, v.target.port),
    ),
    Step.FIREWALL: Plan("Local firewall", 4, "the rule set", 2.0, _local_rules),
    Step.RULE_TRACE: Plan("Rule trace", 4, "the kernel's own trace", 6.0, _rule_trace),
    Step.DROP_REASONS: Plan("Drop reasons", 4, "the kernel's own reasons", 6.0, _drop_reasons),
    Step.COUNTERS: Plan("Own counters", 4, "what gets lost here", 4.0, _counters),
    Step.REVERSE_PATH: Plan(
        "Reverse path filter", 3, "what the kernel drops of the answers", 4.0, _reverse_path
    ),
}
