"""Many flows to one port: which source ports are answered always, which never."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.proportion import Share, rarity
from layerwalk.probes.facts.target import endpoint

SURE = 0.001
"""A difference between flows that chance makes in one case of a thousand is none of chance's."""

_REPEATED_S = 0.9
"""A host repeats an unanswered SYN-ACK after a second: that one was lost the first time."""


@dataclass(frozen=True, kw_only=True)
class FlowTry:
    """A SYN of one flow: ``sent_s`` seconds after the probe began, and the first answer to it."""

    sent_s: float
    answer: Answer | None = None


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A source port with its tries in their order; ``label`` is the flow label of IPv6."""

    port: int
    label: int = 0
    tries: tuple[FlowTry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FlowsFact(Fact):
    """SYNs to one port from many source ports, which parallel paths are chosen by (RFC 2992).

    After one try of each, those that stayed silent were tried again, in turn with some that were
    answered. ``half_open`` is false where they were connection attempts of the kernel's.
    """

    probe: ClassVar[str] = "flows"
    layer: ClassVar[int] = 3

    address: str
    port: int
    flows: tuple[Flow, ...] = ()
    half_open: bool = True

    @cached_property
    def good(self) -> AnswerKind | None:
        """The answer that counts: a SYN-ACK if there is any, else the target's reset."""
        own = {it.answer.kind for it in self._tries if it.answer and self._own(it.answer)}
        return next((kind for kind in (AnswerKind.SYN_ACK, AnswerKind.RST) if kind in own), None)

    @cached_property
    def always(self) -> tuple[Flow, ...]:
        """The flows whose every try was answered."""
        return tuple(it for it in self.flows if it.tries and all(map(self.worked, it.tries)))

    @cached_property
    def never(self) -> tuple[Flow, ...]:
        """The flows none of whose tries was answered, one or many."""
        return tuple(it for it in self.flows if it.tries and not any(map(self.worked, it.tries)))

    @cached_property
    def sometimes(self) -> tuple[Flow, ...]:
        """The flows of which some tries were answered and others not."""
        rest = {*self.always, *self.never}
        return tuple(it for it in self.flows if it.tries and it not in rest)

    @cached_property
    def schedule(self) -> tuple[tuple[float, bool], ...]:
        """Every SYN in the order of sending: seconds since the beginning, and whether it worked."""
        return tuple(sorted((it.sent_s, self.worked(it)) for it in self._tries))

    def worked(self, one: FlowTry) -> bool:
        """Whether a try was answered as it should be, and not only when repeated."""
        answer = one.answer
        if answer is None or answer.kind is not self.good or not self._own(answer):
            return False
        return answer.rtt_s < self._best_s + _REPEATED_S

    @property
    def differs(self) -> bool:
        """Whether it depends on the flow who is answered, beyond what chance makes.

        Flows that are answered when they are tried again are rather those that chance has hit.
        """
        failed, _ = self.again
        sure = SURE if failed.part == failed.whole else SURE / 10
        return bool(self.never and self.always) and self.chance < sure

    @property
    def again(self) -> tuple[Share, Share]:
        """The failures of the later tries: of flows that failed at first, and of the others."""
        tried = [it for it in self.flows if it.tries]
        failed = [it for it in tried if not self.worked(it.tries[0])]
        worked = [it for it in tried if self.worked(it.tries[0])]
        return self._later(failed), self._later(worked)

    @property
    def chance(self) -> float:
        """How probable it is that loss or a limit, which know no flows, fall so on the flows.

        Fisher's exact test of the later tries alone, in which both sorts of flows took turns.
        """
        failed, worked = self.again
        return rarity(failed, worked)

    def _later(self, flows: list[Flow]) -> Share:
        tries = [one for flow in flows for one in flow.tries[1:]]
        return Share(sum(not self.worked(one) for one in tries), len(tries))

    @cached_property
    def _tries(self) -> tuple[FlowTry, ...]:
        return tuple(one for flow in self.flows for one in flow.tries)

    @cached_property
    def _best_s(self) -> float:
        answers = (it.answer for it in self._tries)
        return min((a.rtt_s for a in answers if a and a.kind is self.good), default=0.0)

    def _own(self, answer: Answer) -> bool:
        return answer.responder == self.address.partition("%")[0]

    @property
    def finding(self) -> str:
        """How many source ports were answered always, sometimes, never."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        counts = {"always": self.always, "now and then": self.sometimes, "never": self.never}
        words = [f"{len(flows)} {word}" for word, flows in counts.items() if flows]
        if len(words) == 1:
            words = ["each time" if self.always else "never" if self.never else "now and then"]
        where = endpoint(self.address, self.port)
        return f"SYNs from {len(self.flows)} source ports to {where}, answered: {', '.join(words)}"

    @property
    def command(self) -> str:
        """A connection from one source port; another one beside it shows the difference."""
        chosen = (*self.never, *self.always)[:1]
        own = f"-p {chosen[0].port} " if chosen else ""
        return f"nc -vz -w 2 {own}{self.address} {self.port}"
