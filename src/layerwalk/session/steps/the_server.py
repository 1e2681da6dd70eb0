"""What is asked about a port of this machine's own, where it is the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.facts import endpoint
from layerwalk.probes.intake import LONGEST_S, Call, intake
from layerwalk.probes.listeners import listeners
from layerwalk.session.steps.plan import Plan, peer_of, port_of

if TYPE_CHECKING:
    from layerwalk.diagnosis.walk_view import WalkView
    from layerwalk.probes.context import ProbeContext
    from layerwalk.probes.facts import Fact


def _intake(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
    named = endpoint(view.target.host or measure.address, port_of(view))
    host = named if view.target.scheme == "http" else ""
    call = Call(host=host, timeout_s=view.timeout_s)
    return intake(peer_of(measure.address, view), port_of(view), call, ctx)


PLANS: dict[Step, Plan] = {
    Step.LISTENERS: Plan(
        "Listeners", 4, "the kernel's list", 3.0, lambda _m, v, c: listeners(port_of(v), c)
    ),
    Step.INTAKE: Plan("Own connection", 5, "the service to take it", LONGEST_S + 1, _intake),
}
