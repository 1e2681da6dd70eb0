"""The shape that all facts share, and the evidence that a walk makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from layerwalk.probes.facts.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What one probe measured.

    ``probe`` and ``layer`` belong to the class, and so does ``of_machine``: whether it is about the
    whole machine, and so about every address that is walked to. ``detail`` carries what does not
    fit a field: the text of an error, or the traceback of a probe that crashed.
    """

    probe: ClassVar[str] = ""
    layer: ClassVar[int] = 0
    of_machine: ClassVar[bool] = False

    outcome: Outcome
    detail: str = ""

    @property
    def finding(self) -> str:
        """One line, without opinion, of what was seen."""
        return self.detail or str(self.outcome)

    @property
    def command(self) -> str:
        """What a person would type to see the same thing with ordinary tools; may be empty."""
        return ""


@dataclass(frozen=True, kw_only=True)
class Unmeasured(Fact):
    """A probe that brought no fact of its own: it crashed, was cancelled, or was not run."""

    name: str
    at_layer: int
    subject: str = ""

    @property
    def finding(self) -> str:
        """The last line of what went wrong, behind the name of the probe."""
        last = self.detail.strip().splitlines()[-1:] or [str(self.outcome)]
        return f"{self.name} {self.subject}: {last[0]}".replace(" :", ":")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A fact with its place in the walk: ``id`` is cited by causes, times are seconds.

    ``step`` names what was asked, a measurement (with its address) or a question to a person.
    ``vain`` says of a cancelled measurement that it was stopped because it could change nothing.
    """

    id: str
    fact: Fact
    step: str = ""
    vain: bool = False
    started_s: float = field(default=0.0)
    seconds: float = field(default=0.0)
