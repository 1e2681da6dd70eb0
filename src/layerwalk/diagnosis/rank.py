"""From judgements to one verdict: what explains, what might as well, what is ruled out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.drops import unsure
from layerwalk.diagnosis.health import health, unbuilt_layers
from layerwalk.diagnosis.hidden import hidden
from layerwalk.diagnosis.judging import Verdict, verdicts
from layerwalk.diagnosis.leaning import swayed
from layerwalk.diagnosis.model import Advice, Cause, Judgement, Layer, Open, Status
from layerwalk.diagnosis.placeholders import filled, typed
from layerwalk.diagnosis.server_health import above, server_health
from layerwalk.diagnosis.settled import settled
from layerwalk.diagnosis.unlocks import unlock, unlock_above
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.diagnosis.whose_timer import Timer, whose_timer
from layerwalk.probes.facts import NO_PORT, SourcePortsFact

Relation = Literal["explains", "alternative", "also"]
Confidence = Literal["certain", "likely", "possible"]

_CONFIDENCE: dict[Status, Confidence] = {
    Status.CONFIRMED: "certain",
    Status.LIKELY: "likely",
    Status.POSSIBLE: "possible",
}
_PORTS = "ephemeral-ports-exhausted"
_STRENGTH = {Status.CONFIRMED: 0, Status.LIKELY: 1, Status.POSSIBLE: 2}


@dataclass(frozen=True, kw_only=True)
class Named:
    """A cause that the verdict names, with its advice."""

    cause: Cause
    judgement: Judgement
    relation: Relation
    confidence: Confidence
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """The verdict, before it is written into a report; ``address`` is the one that it is about."""

    outcome: Literal["fault", "healthy", "inconclusive"]
    summary: str
    address: str = ""
    named: tuple[Named, ...] = ()
    ruled_out: tuple[tuple[str, Judgement], ...] = ()
    open: tuple[Open, ...] = ()
    timer: Timer | None = None


def conclude(view: WalkView) -> Conclusion:
    """Judge every cause on every address and rank what they say."""
    every = [unsure(swayed(verdict, view), view) for verdict in verdicts(view)]
    found = _once(_ordered([v for v in every if v.judgement.status.names_it]))
    out = {(v.cause.id, v.turn) for v in every if v.judgement.status is Status.RULED_OUT}
    named = tuple(_related(found, view, out))
    names = {one.cause.id for one in named}
    past = tuple(_past(view, names))
    ruled = tuple(_ruled_out(every, names | {one.id for one in past}))
    unseen = dict.fromkeys(hidden(view, names, {identifier for identifier, _ in ruled}))
    told = {one.id for one in unseen} - names
    left = (*unseen, *(one for one in (*_open(every, names, view), *past) if one.id not in told))
    if named:
        first = named[0]
        summary = f"{first.cause.title}: {first.judgement.explanation}"
        return Conclusion(
            outcome="fault",
            summary=summary,
            address=found[0].host.address if found[0].host else "",
            named=named,
            ruled_out=ruled,
            open=left,
            timer=_timer(view),
        )
    state = server_health(view) if view.standpoint.serves else health(view)
    return Conclusion(
        outcome="healthy" if state.healthy else "inconclusive",
        summary=state.summary,
        ruled_out=ruled,
        open=(*left, *_above(view)),
        timer=_timer(view),
    )


def _timer(view: WalkView) -> Timer | None:
    """Whose timer it is, where this machine is the one that waits."""
    return None if view.standpoint.serves else whose_timer(view)


def _once(found: list[Verdict]) -> list[Verdict]:
    """Keep each cause once, of the first address that has it."""
    firsts: dict[str, Verdict] = {}
    for verdict in found:
        firsts.setdefault(verdict.cause.id, verdict)
    return list(firsts.values())


def _ordered(found: list[Verdict]) -> list[Verdict]:
    """By address, then what goes before what, then strength, answers, and the layer upwards."""

    def behind(verdict: Verdict) -> int:
        return sum(_goes_before(it, verdict) for it in found if it.turn == verdict.turn)

    return sorted(
        found,
        key=lambda v: (
            v.turn,
            behind(v),
            _STRENGTH[v.judgement.status],
            -v.weight,
            v.cause.layer,
        ),
    )


def _goes_before(first: Verdict, second: Verdict) -> bool:
    if second.cause.id in first.judgement.before:
        return True
    known_better = first.cause.id in second.judgement.before
    return second.cause.id in first.cause.before and not known_better


def _related(
    found: list[Verdict], view: WalkView, out: Collection[tuple[str, float]]
) -> Iterable[Named]:
    """Write relation and confidence: what explains, what might as well, what is true besides."""
    if not found:
        return
    first, others = found[0], found[1:]
    equal = [v for v in others if v.turn == first.turn and _competes(first, v)]
    unspoken = [v for v in _unspoken(found, view) if (v.cause.id, v.turn) not in out]
    group = _favoured_first([first, *equal, *unspoken])
    yield _named(group[0], "explains", view)
    for verdict in group[1:]:
        yield _named(verdict, "alternative", view)
    for verdict in others:
        if verdict not in equal:
            yield _named(verdict, "also", view)


def _favoured_first(group: list[Verdict]) -> list[Verdict]:
    """Of causes that the evidence can't tell apart, put first what a person's answers favour."""
    if group[0].judgement.status is Status.CONFIRMED:
        return group
    return sorted(group, key=lambda verdict: -verdict.weight)


def _named(verdict: Verdict, relation: Relation, view: WalkView) -> Named:
    cause, judgement, host = verdict.cause, verdict.judgement, verdict.host
    advice = cause.advise(judgement)
    return Named(
        cause=cause,
        judgement=judgement,
        relation=relation,
        confidence=_confidence(judgement, view, host),
        advice=tuple(filled(_here(one, cause, view), host, view) for one in advice),
    )


def _here(advice: Advice, cause: Cause, view: WalkView) -> Advice:
    """What mends this machine itself is done on this machine, whichever end it is."""
    if cause.layer is not Layer.MACHINE:
        return advice
    return replace(advice, on="server" if view.standpoint.serves else "client")


def _confidence(judgement: Judgement, view: WalkView, host: AddressView | None) -> Confidence:
    """Certain is only what nothing that is still to be measured could contradict."""
    sure = _CONFIDENCE[judgement.status]
    if sure == "certain" and not settled(view, host.address if host else ""):
        return "likely"
    return sure


def _competes(first: Verdict, other: Verdict) -> bool:
    return other.cause.id in first.judgement.alternatives


def _unspoken(found: list[Verdict], view: WalkView) -> Iterable[Verdict]:
    """The causes that the first one can't be told from, where they did not speak themselves."""
    first = found[0]
    spoken = {v.cause.id for v in found}
    for cause in causes():
        if cause.id in first.judgement.alternatives and cause.id not in spoken:
            text = f"{cause.title}: that would look the same from here."
            judgement = replace(
                first.judgement, status=Status.POSSIBLE, explanation=text, alternatives=()
            )
            yield swayed(Verdict(cause, judgement, first.turn, first.host), view)


def _ruled_out(every: Sequence[Verdict], named: set[str]) -> Iterable[tuple[str, Judgement]]:
    """The causes that are excluded for every address."""
    for cause in causes():
        own = [v.judgement for v in every if v.cause is cause]
        if cause.id in named or not own:
            continue
        if all(judgement.status is Status.RULED_OUT for judgement in own):
            evidence = tuple(dict.fromkeys(e for judgement in own for e in judgement.evidence))
            yield cause.id, replace(own[0], evidence=evidence)


def _open(every: Sequence[Verdict], named: set[str], view: WalkView) -> Iterable[Open]:
    seen = set(named)
    for verdict in every:
        judgement = verdict.judgement
        if not judgement.missing:
            continue
        if judgement.status.names_it or verdict.cause.id not in seen:
            cause = verdict.cause
            seen.add(cause.id)
            own = typed(judgement.unlock, verdict.host, view)
            command = own or unlock(view, cause.id, cause.layer, verdict.host)
            yield Open(id=cause.id, why=judgement.missing, unlock=command)


def _past(view: WalkView, named: set[str]) -> Iterable[Open]:
    """Keep open what the error itself says, and what is over by now: source ports come and go."""
    told = view.complaint is not None and view.complaint.errno == NO_PORT
    if told and _PORTS not in named:
        facts = (e.fact.finding for e in view.evidence if isinstance(e.fact, SourcePortsFact))
        now = next(facts, "how many are taken now was not counted")
        why = f"the program found no source port when it failed ({NO_PORT}); now: {now}"
        yield Open(id=_PORTS, why=why, unlock="watch -n 1 ss -s")


def _above(view: WalkView) -> Iterable[Open]:
    """The layers above TCP that nothing looks at yet."""
    if view.standpoint.serves:
        yield from (Open(id=name, why=why, unlock=look) for name, why, look in above(view))
        return
    for identifier, why in unbuilt_layers(view.target.scheme):
        yield Open(id=identifier, why=why, unlock=unlock_above(view))
