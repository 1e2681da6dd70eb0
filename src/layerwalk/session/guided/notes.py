"""What is kept of a step that was not measured: skipped, answered by a person, or in vain."""

from __future__ import annotations

from layerwalk.diagnosis.open_steps import Ask, Open
from layerwalk.probes.facts import Fact, Outcome, PersonFact, Unmeasured
from layerwalk.session.guided.offers import layer_of, question_at, worded

_SKIPPED = "skipped by a person"
_VAIN = "not begun: by what is known it could change nothing"


def skipped(step: Open) -> Fact:
    """A person left it out."""
    return _unmeasured(step, Outcome.NOT_RUN, _SKIPPED)


def in_vain(step: Open) -> Fact:
    """Nothing that it could bring would change anything."""
    return _unmeasured(step, Outcome.CANCELLED, _VAIN)


def answered(step: Open, choice: str, port: int | None) -> Fact | None:
    """A person answered; nothing where the question has no such answer."""
    question = question_at(step)
    chosen = question.choice(choice)
    if chosen is None:
        return None
    return PersonFact(
        question=question.id,
        answer=chosen.id,
        asked=worded(question.text, port),
        said=chosen.text,
        subject="" if isinstance(step, Ask) else step.address,
    )


def _unmeasured(step: Open, outcome: Outcome, why: str) -> Fact:
    return Unmeasured(
        outcome=outcome,
        name=step.name if isinstance(step, Ask) else str(step.step),
        at_layer=layer_of(step),
        subject="" if isinstance(step, Ask) else step.address,
        detail=why,
    )
