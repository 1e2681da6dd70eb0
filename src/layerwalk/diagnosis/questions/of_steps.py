"""What each measurement asks, why it comes when it does, and what its outcomes would prove.

A person who knows the outcome may give it instead of having it measured. That is an answer, never
a measurement: it moves the ranking and makes nothing certain.
"""

from __future__ import annotations

from layerwalk.diagnosis.questions import (
    of_resources,
    of_the_limits,
    of_the_path,
    of_the_quality,
    of_the_server,
    of_the_syn,
    of_the_target,
    of_this_machine,
)
from layerwalk.diagnosis.questions.record import Question
from layerwalk.diagnosis.tree import Step

_ROOMS = (
    of_this_machine,
    of_resources,
    of_the_limits,
    of_the_target,
    of_the_path,
    of_the_quality,
    of_the_syn,
    of_the_server,
)

STEP_QUESTIONS: dict[Step, Question] = {
    Step(one.id): one for room in _ROOMS for one in vars(room).values() if isinstance(one, Question)
}
