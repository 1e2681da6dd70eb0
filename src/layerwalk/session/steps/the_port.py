"""What is asked of the port itself, and of others of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.connect import connect
from layerwalk.probes.control import control
from layerwalk.probes.facts import PortState
from layerwalk.probes.handshake import handshake
from layerwalk.probes.pace import pace
from layerwalk.probes.scan import scan
from layerwalk.probes.source_ports import source_ports
from layerwalk.probes.stray_ack import stray_ack
from layerwalk.probes.syn import FIRST, LAST, syn
from layerwalk.probes.syn_options import syn_options
from layerwalk.session.options import BUDGET_S
from layerwalk.session.steps.plan import WHOLE_S, Plan, peer_of, port_of

if TYPE_CHECKING:
    from layerwalk.diagnosis.path_view import PathView
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact


def _options(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    """Of a port that answers, only what SYNs of another machine would meet is still open."""
    is_open = view.of(measure.address).syn_state is PortState.OPEN
    return syn_options(peer_of(measure.address, view), port_of(view), ctx, is_open=is_open)


def _paced(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    host = view.of(measure.address)
    echoes = host.echo is not None and bool(host.echo.replies)
    return pace(
        peer_of(measure.address, view), port_of(view), _routers(host.path), ctx, echoes=echoes
    )


def _routers(path: PathView) -> dict[int, str]:
    """The hops whose routers are known, short of the target."""
    distance = path.end or max(path.expired(), default=0) + 1
    return {hop: who for hop, who in path.expired().items() if who and hop < distance}


def _stray(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    """ACKs of no connection to the port, and to another one that answers, where one does."""
    host = view.of(measure.address)
    return stray_ack(peer_of(measure.address, view), port_of(view), host.answering_port, ctx)


def _source_ports(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    refused = view.of(measure.address).lacks_port
    return source_ports(peer_of(measure.address, view), port_of(view), ctx, refused=refused)


def _ports(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    if view.ports is None:
        raise ValueError("this step needs the ports that a person names")
    return scan(peer_of(measure.address, view), view.ports, ctx)


PLANS: dict[Step, Plan] = {
    Step.SYN: Plan(
        "SYN to the port",
        4,
        "an answer to the SYN",
        1.0,
        lambda m, v, c: syn(peer_of(m.address, v), port_of(v), FIRST, c),
    ),
    Step.SYN_AGAIN: Plan(
        "SYN, again",
        4,
        "an answer, or a router's late report",
        WHOLE_S + 1,
        lambda m, v, c: syn(peer_of(m.address, v), port_of(v), LAST, c),
    ),
    Step.SYN_OPTIONS: Plan(
        "SYN options", 4, "answers to SYNs with and without options", WHOLE_S + 1, _options
    ),
    Step.SYN_PACE: Plan("SYNs by pace", 4, "answers to SYNs, quick and slow", 12.0, _paced),
    Step.HANDSHAKE: Plan(
        "Handshake",
        4,
        "what the target makes of a connection",
        4.0,
        lambda m, v, c: handshake(peer_of(m.address, v), port_of(v), c),
    ),
    Step.STRAY_ACK: Plan("Stray ACKs", 4, "resets", WHOLE_S + 1, _stray),
    Step.CONNECT: Plan(
        "Connection",
        4,
        "the kernel's connect()",
        WHOLE_S + 1,
        lambda m, v, c: connect(peer_of(m.address, v), port_of(v), c),
    ),
    Step.CONNECT_AGAIN: Plan(
        "Connection, again",
        4,
        "a second connect(), now that all neighbours are known",
        WHOLE_S + 1,
        lambda m, v, c: connect(peer_of(m.address, v), port_of(v), c, listen=False),
    ),
    Step.SOURCE_PORTS: Plan("Source ports", 4, "the kernel's own counts", 1.0, _source_ports),
    Step.CONTROL: Plan(
        "Other ports",
        4,
        "any sign of life of the host",
        WHOLE_S + 1,
        lambda m, v, c: control(peer_of(m.address, v), v.target.port, c),
    ),
    Step.PORTS: Plan("Named ports", 4, "every named port's answer", BUDGET_S, _ports),
}
