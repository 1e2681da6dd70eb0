"""What is asked of the way to the target: its hops, what it loses, what it carries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from layerwalk.diagnosis.loss_place import loss_place
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.control_trace import control_trace
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import FlowsFact, HopTally, Outcome, Share, TraceKind
from layerwalk.probes.flow_trace import flow_trace
from layerwalk.probes.flows import flows
from layerwalk.probes.hop_loss import hop_loss
from layerwalk.probes.loss import loss
from layerwalk.probes.path_mtu import path_mtu
from layerwalk.probes.trace import trace
from layerwalk.session.steps.plan import WHOLE_S, Plan, peer_of, port_of

if TYPE_CHECKING:
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact


def _path_mtu(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    peer, way = peer_of(measure.address, view), view.of(measure.address).route
    return path_mtu(peer, view.target.port, ctx, remembered=way.mtu if way else 0)


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
    return flows(peer_of(measure.address, view), port_of(view), ctx, alone=alone)


def _flow_by_flow(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    host = view.of(measure.address)
    reach = host.path.end or host.path.reach() + 1
    none = FlowsFact(outcome=Outcome.NOT_RUN, address=measure.address, port=port_of(view))
    return flow_trace(peer_of(measure.address, view), host.flows or none, reach, ctx)


def _by_hop(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    path = view.of(measure.address).path
    seen = {**path.expired(), **path.expired(TraceKind.ICMP)}  # where paths divide, by echoes
    routers = {hop: who for hop, who in seen.items() if who}
    distance = path.end or max(routers, default=0) + 1
    near = {hop: who for hop, who in routers.items() if hop < distance}
    sample = view.of(measure.address).loss
    lost = sample.lost if sample else Share(0, 0)

    def begins(hops: tuple[HopTally, ...]) -> tuple[int, bool]:
        found = loss_place(hops, lost)
        return found.after, found.sure

    return hop_loss(peer_of(measure.address, view), near, distance, ctx, begins)


PLANS: dict[Step, Plan] = {
    Step.ECHO: Plan(
        "Echo", 3, "echo replies", WHOLE_S, lambda m, v, c: echo(peer_of(m.address, v), c)
    ),
    Step.TRACE: Plan(
        "Path",
        3,
        "the hops, the silent ones a second time",
        3.0,
        lambda m, v, c: trace(peer_of(m.address, v), v.target.port, c),
    ),
    Step.CONTROL_TRACE: Plan(
        "Distance",
        3,
        "the hops up to another port",
        2.5,
        _far,
    ),
    Step.FLOWS: Plan("Other flows", 3, "answers to other source ports", 5.0, _many_flows),
    Step.FLOW_TRACE: Plan("Where flows part", 3, "every hop, by two flows", 9.0, _flow_by_flow),
    Step.LOSS: Plan("Loss", 3, "the answers to a sample of packets", 5.0, _sample),
    Step.HOP_LOSS: Plan("Loss by hop", 3, "every hop, again and again", 9.0, _by_hop),
    Step.PATH_MTU: Plan("Path MTU", 3, "large packets to come through", 4.0, _path_mtu),
}
