"""What a person's answers say for or against a cause: a tie-breaker, never a proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from layerwalk.diagnosis.judging import Verdict
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.questions.for_people import QUESTIONS
from layerwalk.diagnosis.questions.of_steps import STEP_QUESTIONS
from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, PersonFact

_KNOWN: dict[str, Question] = {one.id: one for one in (*QUESTIONS, *STEP_QUESTIONS.values())}


@dataclass(frozen=True)
class Leaning:
    """Answers for a cause less those against it, with the ids of those that speak of it."""

    weight: int = 0
    evidence: tuple[str, ...] = ()


def question_of(identifier: str) -> Question | None:
    """The question of this id, be it a measurement's."""
    return _KNOWN.get(identifier)


def leaning(view: WalkView, cause: str, address: str = "") -> Leaning:
    """Add up what was said of a cause, at an address where the answer is about one."""
    weight, ids = 0, []
    for evidence, choice in _choices(view, address):
        said = (cause in choice.favours) - (cause in choice.disfavours)
        if said:
            weight += said
            ids.append(evidence.id)
    return Leaning(weight, tuple(ids))


def swayed(verdict: Verdict, view: WalkView) -> Verdict:
    """Let the answers move a verdict: how likely it is, and where it stands among its equals."""
    towards = leaning(view, verdict.cause.id, verdict.host.address if verdict.host else "")
    judgement = _leant(verdict.judgement, towards)
    return replace(verdict, judgement=judgement, weight=towards.weight)


def _leant(judgement: Judgement, towards: Leaning) -> Judgement:
    """Make what the evidence leaves open likelier or less likely; what it proves stays as it is."""
    open_still = judgement.status in {Status.LIKELY, Status.POSSIBLE}
    if not open_still or not towards.weight:
        return judgement
    status = Status.LIKELY if towards.weight > 0 else Status.POSSIBLE
    evidence = tuple(dict.fromkeys((*judgement.evidence, *towards.evidence)))
    return replace(judgement, status=status, evidence=evidence)


def _choices(view: WalkView, address: str) -> Iterator[tuple[Evidence, Choice]]:
    """The answers that count: the last to each question, and none to what was then measured."""
    measured = {e.step for e in view.evidence if e.fact.outcome.measured}
    last = {e.step or e.id: e for e in view.evidence if isinstance(e.fact, PersonFact)}
    for evidence in last.values():
        fact = evidence.fact
        if not isinstance(fact, PersonFact) or fact.subject not in {"", address}:
            continue
        if evidence.step in measured:
            continue
        question = question_of(fact.question)
        choice = question.choice(fact.answer) if question else None
        if choice:
            yield evidence, choice
