"""Silence that may be this machine's own: what rests on it is less sure."""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis.judging import Verdict
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import ReceiveFact

SILENT_CAUSES = frozenset(
    {
        "accept-queue-full",
        "firewall-drop",
        "flow-dependent-path",
        "packet-loss",
        "path-blackhole",
        "pmtu-blackhole",
        "syn-option-dropped",
        "syn-rate-limited",
    }
)
"""Those that are told by what does not come back."""

_LESS = {Status.CONFIRMED: Status.LIKELY, Status.LIKELY: Status.POSSIBLE}
_DECIDE = (
    "Walk once more while less comes in, or with room for it: a larger net.core.rmem_max, or root."
)


def unsure(verdict: Verdict, view: WalkView) -> Verdict:
    """Take from a verdict the certainty that packets which were dropped here might have undone."""
    judgement = verdict.judgement
    found = [(e.id, e.fact) for e in view.evidence if isinstance(e.fact, ReceiveFact)]
    told_here = judgement.where.get("kind") == "local"
    if not found or verdict.cause.id not in SILENT_CAUSES or told_here:
        return verdict
    if not judgement.status.names_it:
        return verdict
    text = " ".join(f"But {fact.finding}." for _, fact in found)
    return replace(
        verdict,
        judgement=replace(
            judgement,
            status=_LESS.get(judgement.status, judgement.status),
            evidence=(*judgement.evidence, *(it for it, _ in found)),
            explanation=f"{judgement.explanation} {text}",
            decide_by=f"{_DECIDE} {judgement.decide_by}".strip(),
        ),
    )
