"""What is asked about a port of this machine's own, where it is the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerwalk.diagnosis.own_processes import processes
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.facts import ListenersFact, endpoint
from layerwalk.probes.intake import LONGEST_S, Call, intake
from layerwalk.probes.listeners import listeners
from layerwalk.probes.lodging import lodging
from layerwalk.session.steps.plan import Plan, peer_of, port_of

if TYPE_CHECKING:
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact


def _intake(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    named = endpoint(view.target.host or measure.address, port_of(view))
    host = named if view.target.scheme == "http" else ""
    call = Call(host=host, timeout_s=view.timeout_s, pids=processes(view))
    return intake(peer_of(measure.address, view), port_of(view), call, ctx)


def _service(_measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    """By the unit of the process that listens, or by the port where nobody does."""
    from layerwalk.probes.service import service  # late: only a server's walk needs it

    facts = [e.fact for e in view.evidence if isinstance(e.fact, ListenersFact)]
    every = (one for fact in facts for one in (*fact.listeners, *fact.others))
    holders = dict.fromkeys(holder.pid for one in every for holder in one.holders)
    if view.pid is not None:
        holders[view.pid] = None
    return service(port_of(view), {pid: lodging(pid).keeper for pid in holders}, ctx)


PLANS: dict[Step, Plan] = {
    Step.LISTENERS: Plan(
        "Listeners", 4, "the kernel's list", 3.0, lambda _m, v, c: listeners(port_of(v), c)
    ),
    Step.INTAKE: Plan("Own connection", 5, "the service to take it", LONGEST_S + 1, _intake),
    Step.SERVICE: Plan("Service", 7, "the service manager", 5.0, _service),
}
