"""What a person said: evidence that no probe brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class PersonFact(Fact):
    """A person's answer, to a question of the walk or in place of a measurement.

    ``question`` is the id of the question, or the name of the measurement that the answer stands
    for, whose address is then the ``subject``. ``answer`` is the id of what was chosen; ``asked``
    and ``said`` are the words of both.
    """

    probe: ClassVar[str] = "person"
    layer: ClassVar[int] = 7

    outcome: Outcome = Outcome.ANSWERED_BY_PERSON
    question: str
    answer: str
    asked: str
    said: str
    subject: str = ""

    @property
    def finding(self) -> str:
        """The question with what a person answered."""
        about = f" ({self.subject})" if self.subject else ""
        return f"{self.asked}{about} A person says: {self.said}"
