"""The table of measurements: what each is called, how long it takes at most, and its probe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.connect import connect
from layerwalk.probes.control import control
from layerwalk.probes.control_trace import control_trace
from layerwalk.probes.counters import counters
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import FlowsFact, Outcome, PortState, TraceKind
from layerwalk.probes.flow_trace import flow_trace
from layerwalk.probes.flows import flows
from layerwalk.probes.handshake import handshake
from layerwalk.probes.hop_loss import hop_loss
from layerwalk.probes.kernel_syn import kernels_options
from layerwalk.probes.links import links
from layerwalk.probes.loss import loss
from layerwalk.probes.neighbour import neighbour
from layerwalk.probes.pace import pace
from layerwalk.probes.path_mtu import path_mtu
from layerwalk.probes.reverse_path import reverse_path
from layerwalk.probes.route import route
from layerwalk.probes.scan import scan
from layerwalk.probes.stray_ack import stray_ack
from layerwalk.probes.syn import FIRST, LAST, syn
from layerwalk.probes.syn_options import syn_options
from layerwalk.probes.timers import timers
from layerwalk.probes.trace import trace
from layerwalk.probes.wire.packets import Peer
from layerwalk.session.options import BUDGET_S

if TYPE_CHECKING:
    from layerwalk.diagnosis.path_view import PathView
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact

_WHOLE = 4.0


@dataclass(frozen=True)
class Plan:
    """A measurement as a person sees it; ``waits_for`` completes "waiting for …"."""

    title: str
    layer: int
    waits_for: str
    at_most_s: float
    run: Callable[[Measure, WalkView, ProbeContext], Fact]


def peer_of(address: str, view: WalkView) -> Peer:
    """The other end as the route and the links have it."""
    host = view.of(address)
    way, link = host.route, host.link
    mtus = [mtu for mtu in (way.mtu if way else 0, link.mtu if link else 0) if mtu]
    options = kernels_options()
    if way is None:
        return Peer(address, "", options=options)
    return Peer(address, way.source, way.interface, min(mtus, default=1500), options)


def _port(view: WalkView) -> int:
    port = view.target.port
    if port is None:
        message = "this step needs a port"
        raise ValueError(message)
    return port


def _next_hop(address: str, view: WalkView) -> str:
    way = view.of(address).route
    return way.next_hop if way else address


def _names(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    # Late: an address needs no questions to nameservers, and loading them takes a while.
    from layerwalk.probes.resolve import resolve

    return resolve(view.target, ctx)


def _local_rules(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    from layerwalk.probes.firewall import firewall  # late: few walks need it

    peer = peer_of(measure.address, view)
    return firewall(peer.address, _port(view), peer.source, peer.interface, ctx)


def _counters(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return counters(peer_of(measure.address, view), _port(view), ctx)


def _reverse_path(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    return reverse_path(peer_of(measure.address, view), view.target.port, ctx)


def _path_mtu(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    peer, way = peer_of(measure.address, view), view.of(measure.address).route
    return path_mtu(peer, view.target.port, ctx, remembered=way.mtu if way else 0)


def _options(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    """Of a port that answers, only what SYNs of another machine would meet is still open."""
    is_open = view.of(measure.address).syn_state is PortState.OPEN
    return syn_options(peer_of(measure.address, view), _port(view), ctx, is_open=is_open)


def _paced(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    host = view.of(measure.address)
    echoes = host.echo is not None and bool(host.echo.replies)
    return pace(
        peer_of(measure.address, view), _port(view), _routers(host.path), ctx, echoes=echoes
    )


def _routers(path: PathView) -> dict[int, str]:
    """The hops whose routers are known, short of the target."""
    distance = path.end or max(path.expired(), default=0) + 1
    return {hop: who for hop, who in path.expired().items() if who and hop < distance}


def _stray(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    """ACKs of no connection to the port, and to another one that answers, where one does."""
    host = view.of(measure.address)
    return stray_ack(peer_of(measure.address, view), _port(view), host.answering_port, ctx)


def _far(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    """Trace by another port, or by plain SYNs where the port takes nothing else."""
    peer, port = peer_of(measure.address, view), measure.port or 0
    plain = replace(peer, options=()) if port == view.target.port else peer
    return control_trace(plain, port, ctx)


def _sample(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    host = view.of(measure.address)
    echo = host.echo
    suspected = echo is not None and 0 < len(echo.replies) < echo.sent
    return loss(peer_of(measure.address, view), view.target.port, ctx, suspected=suspected)


def _many_flows(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    alone = len(view.in_full) == 1
    return flows(peer_of(measure.address, view), _port(view), ctx, alone=alone)


def _flow_by_flow(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    host = view.of(measure.address)
    reach = host.path.end or host.path.reach() + 1
    none = FlowsFact(outcome=Outcome.NOT_RUN, address=measure.address, port=_port(view))
    return flow_trace(peer_of(measure.address, view), host.flows or none, reach, ctx)


def _ports(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    if view.ports is None:
        raise ValueError("this step needs the ports that a person names")
    return scan(peer_of(measure.address, view), view.ports, ctx)


def _by_hop(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    path = view.of(measure.address).path
    seen = {**path.expired(), **path.expired(TraceKind.ICMP)}  # where paths divide, by echoes
    routers = {hop: who for hop, who in seen.items() if who}
    distance = path.end or max(routers, default=0) + 1
    near = {hop: who for hop, who in routers.items() if hop < distance}
    return hop_loss(peer_of(measure.address, view), near, distance, ctx)


PLANS: dict[Step, Plan] = {
    Step.LINKS: Plan("Interfaces", 1, "the kernel's list", 1.0, lambda _m, _v, c: links(c)),
    Step.TIMERS: Plan("Timers", 4, "the kernel's settings", 1.0, lambda _m, _v, c: timers(c)),
    Step.RESOLVE: Plan("Name", 7, "every nameserver's answer", 3.0, _names),
    Step.ROUTE: Plan("Route", 3, "the kernel's choice", 1.0, lambda m, _v, c: route(m.address, c)),
    Step.NEIGHBOUR: Plan(
        "Next hop",
        2,
        "its answer on the link",
        _WHOLE,
        lambda m, v, c: neighbour(peer_of(m.address, v), _next_hop(m.address, v), c, v.target.port),
    ),
    Step.ECHO: Plan(
        "Echo", 3, "echo replies", _WHOLE, lambda m, v, c: echo(peer_of(m.address, v), c)
    ),
    Step.SYN: Plan(
        "SYN to the port",
        4,
        "an answer to the SYN",
        1.0,
        lambda m, v, c: syn(peer_of(m.address, v), _port(v), FIRST, c),
    ),
    Step.SYN_AGAIN: Plan(
        "SYN, again",
        4,
        "an answer, or a router's late report",
        _WHOLE + 1,
        lambda m, v, c: syn(peer_of(m.address, v), _port(v), LAST, c),
    ),
    Step.SYN_OPTIONS: Plan(
        "SYN options", 4, "answers to SYNs with and without options", _WHOLE + 1, _options
    ),
    Step.FLOWS: Plan("Other flows", 3, "answers to other source ports", 5.0, _many_flows),
    Step.FLOW_TRACE: Plan("Where flows part", 3, "every hop, by two flows", 9.0, _flow_by_flow),
    Step.SYN_PACE: Plan("SYNs by pace", 4, "answers to SYNs, quick and slow", 12.0, _paced),
    Step.HANDSHAKE: Plan(
        "Handshake",
        4,
        "what the target makes of a connection",
        4.0,
        lambda m, v, c: handshake(peer_of(m.address, v), _port(v), c),
    ),
    Step.STRAY_ACK: Plan("Stray ACKs", 4, "resets", _WHOLE + 1, _stray),
    Step.CONNECT: Plan(
        "Connection",
        4,
        "the kernel's connect()",
        _WHOLE + 1,
        lambda m, v, c: connect(peer_of(m.address, v), _port(v), c),
    ),
    Step.CONNECT_AGAIN: Plan(
        "Connection, again",
        4,
        "a second connect(), now that all neighbours are known",
        _WHOLE + 1,
        lambda m, v, c: connect(peer_of(m.address, v), _port(v), c, listen=False),
    ),
    Step.LOSS: Plan("Loss", 3, "the answers to a sample of packets", 5.0, _sample),
    Step.HOP_LOSS: Plan("Loss by hop", 3, "every hop, again and again", 9.0, _by_hop),
    Step.TRACE: Plan(
        "Path",
        3,
        "the hops, the silent ones a second time",
        3.0,
        lambda m, v, c: trace(peer_of(m.address, v), v.target.port, c),
    ),
    Step.CONTROL: Plan(
        "Other ports",
        4,
        "any sign of life of the host",
        _WHOLE + 1,
        lambda m, v, c: control(peer_of(m.address, v), v.target.port, c),
    ),
    Step.CONTROL_TRACE: Plan(
        "Distance",
        3,
        "the hops up to another port",
        2.5,
        _far,
    ),
    Step.PATH_MTU: Plan("Path MTU", 3, "large packets to come through", 4.0, _path_mtu),
    Step.COUNTERS: Plan("Own counters", 4, "what gets lost here", 4.0, _counters),
    Step.REVERSE_PATH: Plan(
        "Reverse path filter", 3, "what the kernel drops of the answers", 4.0, _reverse_path
    ),
    Step.PORTS: Plan("Named ports", 4, "every named port's answer", BUDGET_S, _ports),
    Step.FIREWALL: Plan("Local firewall", 4, "the rule set", 2.0, _local_rules),
}
