"""An open step as it is offered: what it asks, why now, what it costs, what it would prove."""

from __future__ import annotations

from layerwalk.diagnosis.open_steps import Ask, Open
from layerwalk.diagnosis.questions.of_steps import STEP_QUESTIONS
from layerwalk.diagnosis.questions.record import Question
from layerwalk.session.guided.costs import cost_of
from layerwalk.session.report import Offer, OfferedChoice
from layerwalk.session.steps import PLANS

QUESTION_LAYER = 7
_AGAIN = "It was measured already. Measured again, the newer result counts; skipped, the old one."


def question_at(step: Open) -> Question:
    """The question that a step puts, to the network or to the person."""
    return step.question if isinstance(step, Ask) else STEP_QUESTIONS[step.step]


def layer_of(step: Open) -> int:
    """The layer that a step looks at."""
    return QUESTION_LAYER if isinstance(step, Ask) else PLANS[step.step].layer


def offer_of(step: Open, port: int | None, *, again: bool = False, raw: bool = True) -> Offer:
    """Write an open step as it is shown to a person; ``raw`` is how the walk sends."""
    question = question_at(step)
    cost = None if isinstance(step, Ask) else cost_of(step.step, raw=raw)
    return Offer(
        step=step.name,
        kind="question" if isinstance(step, Ask) else "measurement",
        title="Question to you" if isinstance(step, Ask) else PLANS[step.step].title,
        about="" if isinstance(step, Ask) else step.address,
        layer=layer_of(step),
        asks=worded(question.text, port),
        why=_AGAIN if again else question.why,
        packets=cost.packets if cost else (0, 0),
        seconds=cost.seconds if cost else (0.0, 0.0),
        choices=tuple(
            OfferedChoice(id=one.id, text=one.text, proves=one.proves) for one in question.choices
        ),
        again=again,
    )


def worded(text: str, port: int | None) -> str:
    """Put the target's port into a question."""
    return text.replace("PORT", str(port or "PORT"))
