"""From facts and conclusions to what the report says."""

from __future__ import annotations

from typing import Any

import msgspec

from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.model import Advice, Judgement
from layerwalk.diagnosis.rank import Conclusion, Named
from layerwalk.diagnosis.time_figures import Figure
from layerwalk.diagnosis.whose_timer import Timer
from layerwalk.probes.facts import (
    AS_CLIENT,
    ErrorLineFact,
    Evidence,
    Fact,
    Role,
    Standpoint,
    Unmeasured,
)
from layerwalk.probes.origin import HERE, Origin
from layerwalk.session.commands import typed
from layerwalk.session.report import (
    CauseEntry,
    ErrorEntry,
    EvidenceEntry,
    NotChecked,
    OriginEntry,
    Recommendation,
    RuledOut,
    TimerEntry,
    TimerFigure,
    Verdict,
)


def origin_entry(origin: Origin) -> OriginEntry | None:
    """Write down where packets come from, where somebody asked for it."""
    if origin == HERE:
        return None
    process = origin.quarters
    return OriginEntry(
        mark=origin.mark,
        address=origin.address,
        interface=origin.interface,
        pid=process.pid if process else None,
        process=process.name if process else "",
        network=process.label if process and process.network >= 0 else "",
    )


def entry_of(evidence: Evidence, origin: Origin = HERE) -> EvidenceEntry:
    """Write a fact as evidence; its command is typed as the walk was asked for."""
    fact = evidence.fact
    return EvidenceEntry(
        id=evidence.id,
        probe=fact.name if isinstance(fact, Unmeasured) else fact.probe,
        layer=_layer(fact),
        started=round(evidence.started_s, 4),
        seconds=round(evidence.seconds, 4),
        status=str(fact.outcome),
        finding=fact.finding,
        data=_as_read_back(fact),
        command=typed(fact.command, origin),
    )


def _layer(fact: Fact) -> int:
    """Give the layer that was looked at, or that an error line speaks of."""
    if isinstance(fact, Unmeasured):
        return fact.at_layer
    return fact.of_layer if isinstance(fact, ErrorLineFact) else fact.layer


def _as_read_back(fact: Fact) -> dict[str, Any]:
    """Write a fact as JSON has it: lists and no tuples, so that a saved report equals its walk."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fact))
    return data


def verdict_of(
    conclusion: Conclusion, origin: Origin = HERE, standpoint: Standpoint = AS_CLIENT
) -> Verdict:
    """Write a conclusion as the report's verdict; what is done here is typed as the walk was."""
    return Verdict(
        outcome=conclusion.outcome,
        summary=conclusion.summary,
        timer=_timer(conclusion.timer),
        causes=tuple(_cause(named, origin, standpoint.role) for named in conclusion.named),
        ruled_out=tuple(_ruled_out(name, why) for name, why in conclusion.ruled_out),
        not_checked=tuple(
            NotChecked(id=one.id, why=one.why, unlock=one.unlock) for one in conclusion.open
        ),
    )


def complaint_of(line: ErrorEntry) -> Complaint:
    """Take out of an error line what a verdict needs."""
    return Complaint(phase=line.phase, timer=line.timer, limit_s=line.limit_s, errno=line.errno)


def told_by(line: ErrorEntry, addresses: tuple[str, ...], others: tuple[str, ...]) -> Fact:
    """Make evidence of an error line."""
    return ErrorLineFact(
        text=line.text,
        phase=line.phase,
        errno=line.errno,
        runtime=line.runtime,
        timer=line.timer,
        limit_s=line.limit_s,
        addresses=addresses,
        others=others,
    )


def _timer(timer: Timer | None) -> TimerEntry | None:
    if timer is None:
        return None
    return TimerEntry(
        whose=timer.whose,
        kernel_s=timer.kernel_s,
        limit_s=timer.limit_s,
        says=timer.says,
        timers=tuple(_figure(one, timer.limit_s) for one in timer.figures),
    )


def _figure(one: Figure, limit_s: float | None) -> TimerFigure:
    return TimerFigure(
        name=one.name,
        phases=one.phases,
        after_s=one.after_s,
        until_s=one.until_s,
        means=one.means,
        fits=limit_s is not None and one.fits(limit_s),
    )


def _cause(named: Named, origin: Origin, role: Role) -> CauseEntry:
    judgement = named.judgement
    return CauseEntry(
        id=named.cause.id,
        title=named.cause.title,
        layer=int(named.cause.layer),
        relation=named.relation,
        confidence=named.confidence,
        where=dict(judgement.where),
        explanation=judgement.explanation,
        decide_by=judgement.decide_by,
        evidence=judgement.evidence,
        recommendations=tuple(_recommendation(advice, origin, role) for advice in named.advice),
    )


def _recommendation(advice: Advice, origin: Origin, role: Role) -> Recommendation:
    here = advice.on == role
    return Recommendation(
        on=advice.on,
        action=advice.action,
        command=typed(advice.command, origin) if here else advice.command,
        changes_state=advice.changes_state,
    )


def _ruled_out(identifier: str, judgement: Judgement) -> RuledOut:
    return RuledOut(id=identifier, evidence=judgement.evidence, why=judgement.explanation)
