"""The target's distance by SYNs to another port: where echoes and the port itself are silent.

On the wire: one SYN for each hop to a port that is known to answer.
"""

from __future__ import annotations

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, TraceFact, TraceKind
from layerwalk.probes.survey import Survey
from layerwalk.probes.trace import AGAIN_S, MOST_HOPS
from layerwalk.probes.waiting import barred
from layerwalk.probes.wire.packets import Peer

_FIRST_WAVE = 12


def control_trace(peer: Peer, port: int, ctx: ProbeContext) -> TraceFact:
    """Trace with SYNs to ``port``, a port of the target that answers such SYNs."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return TraceFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=why)
    purpose = f"syn {port}" if peer.options else f"plain syn {port}"
    flows = {TraceKind.CONTROL: (wire.port(peer.source, purpose), port)}
    survey = Survey(peer, wire, ctx, flows)
    guess = wire.known.distance_hint(peer)
    reach = guess + 1 if guess else _FIRST_WAVE
    survey.ask((TraceKind.CONTROL,), range(1, reach + 1))
    survey.settle()
    if survey.distance() is None:
        survey.ask((TraceKind.CONTROL,), range(reach + 1, MOST_HOPS + 1))
        survey.settle()
    nearest = survey.distance()
    if nearest is None or (nearest > 1 and nearest - 1 not in survey.heard_hops()):
        ctx.pause(AGAIN_S)
        missing = set(range(1, nearest or reach)) - survey.heard_hops()
        survey.ask((TraceKind.CONTROL,), sorted(missing), again=True)
        survey.settle()
    survey.take_back()
    return TraceFact(
        outcome=Outcome.ANSWERED if survey.heard_hops() else Outcome.SILENT,
        address=peer.address,
        control_port=port,
        tries=survey.results(),
    )
