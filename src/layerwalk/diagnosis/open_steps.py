"""What a walk may do next: measure these, ask the person this, or, where nothing is left, enough.

Sans I/O, like the tree itself. A person's skip and answer are facts among the others, and nothing
that a fact names is offered again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from layerwalk.diagnosis.questions.for_people import due
from layerwalk.diagnosis.questions.record import Question
from layerwalk.diagnosis.tree import Measure, wanted
from layerwalk.diagnosis.walk_view import WalkView


@dataclass(frozen=True)
class Ask:
    """A question to the person."""

    question: Question

    @property
    def name(self) -> str:
        """The question in one word, as events and evidence name it."""
        return self.question.id


Open = Measure | Ask


def to_measure(view: WalkView, begun: Collection[str] = ()) -> tuple[Measure, ...]:
    """Give the measurements that may begin now; ``begun`` names those under way or over."""
    over = _over(view, begun)
    return tuple(measure for measure in wanted(view) if measure.name not in over)


def open_steps(view: WalkView, begun: Collection[str] = ()) -> tuple[Open, ...]:
    """Give all that may be done next, measurements first; nothing means *enough*."""
    over = _over(view, begun)
    asks = tuple(Ask(question) for question in due(view) if question.id not in over)
    return (*to_measure(view, begun), *asks)


def _over(view: WalkView, begun: Collection[str]) -> set[str]:
    return {*begun, *(e.step for e in view.evidence)}
