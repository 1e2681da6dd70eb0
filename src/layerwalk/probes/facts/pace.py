"""SYNs at several paces: when each was sent, and whether it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.path import Try
from layerwalk.probes.facts.proportion import Share
from layerwalk.probes.facts.target import endpoint

_REPEATED_S = 0.9
"""A host repeats an unanswered SYN-ACK after a second: that one was lost the first time."""


@dataclass(frozen=True, kw_only=True)
class PacedSyn:
    """A SYN on a flow of its own: ``sent_s`` seconds after the probe began, and its first answer.

    ``slow`` marks those that were sent so far apart that a limit should have let them through.
    """

    sent_s: float
    answer: Answer | None = None
    slow: bool = False


@dataclass(frozen=True, kw_only=True)
class SynPaceFact(Fact):
    """SYNs to one port: a burst, then groups of three, then single ones at a slow pace.

    ``beside`` says what was sent among them to see whether everything suffers (``echo``, ``SYN``
    to ``beside_port``, or nothing), and ``lost_beside`` how many of those were lost. ``hops`` are
    SYNs that expire on the way, sent while SYNs were being dropped.
    """

    probe: ClassVar[str] = "syn-pace"
    layer: ClassVar[int] = 4

    address: str
    port: int
    syns: tuple[PacedSyn, ...] = ()
    beside: str = ""
    beside_port: int = 0
    lost_beside: int = 0
    sent_beside: int = 0
    hops: tuple[Try, ...] = ()

    @cached_property
    def good(self) -> AnswerKind | None:
        """The answer that counts: a SYN-ACK if there is any, else the target's reset."""
        kinds = {it.answer.kind for it in self.syns if it.answer}
        return next((kind for kind in (AnswerKind.SYN_ACK, AnswerKind.RST) if kind in kinds), None)

    @cached_property
    def schedule(self) -> tuple[tuple[float, bool], ...]:
        """Every SYN in the order of sending: seconds since the beginning, and whether it worked."""
        return tuple((it.sent_s, self.worked(it)) for it in self.syns)

    def worked(self, one: PacedSyn) -> bool:
        """Whether a SYN was answered as it should be, and not only when repeated."""
        if one.answer is None or one.answer.kind is not self.good:
            return False
        return one.answer.rtt_s < self._best_s + _REPEATED_S

    @cached_property
    def _best_s(self) -> float:
        answers = (it.answer for it in self.syns)
        return min((a.rtt_s for a in answers if a and a.kind is self.good), default=0.0)

    @property
    def failed(self) -> Share:
        """How many of all SYNs failed."""
        return Share(sum(not worked for _, worked in self.schedule), len(self.schedule))

    @property
    def failed_slow(self) -> Share:
        """How many of those at the slow pace failed."""
        slow = [it for it in self.syns if it.slow]
        return Share(sum(not self.worked(it) for it in slow), len(slow))

    @property
    def spares_others(self) -> bool:
        """Whether what was sent among the SYNs got through, far better than they did."""
        beside = Share(self.lost_beside, self.sent_beside)
        return self.sent_beside > self.lost_beside and beside.high < self.failed.rate

    @property
    def refusals(self) -> tuple[Answer, ...]:
        """What came instead of the answer that counts."""
        answers = (it.answer for it in self.syns)
        return tuple(a for a in answers if a and a.kind is not self.good)

    @property
    def finding(self) -> str:
        """How many were answered, and how many at the slow pace."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        where, all_of, slow = endpoint(self.address, self.port), self.failed, self.failed_slow
        words = [f"{all_of.whole - all_of.part} of {all_of.whole} SYNs to {where} answered"]
        if slow.whole:
            words.append(f"{slow.whole - slow.part} of the {slow.whole} at the slowest pace")
        if self.sent_beside:
            name = "echoes" if self.beside == "echo" else f"SYNs to port {self.beside_port}"
            kept = self.sent_beside - self.lost_beside
            words.append(f"{kept} of {self.sent_beside} {name} sent among them")
        return ", ".join(words)

    @property
    def command(self) -> str:
        """A quick burst of SYNs."""
        return f"nping --tcp --flags syn -p {self.port} --rate 100 -c 50 {self.address}"
