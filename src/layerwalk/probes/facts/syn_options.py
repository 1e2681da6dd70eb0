"""What becomes of SYNs by the options and flags that they carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import endpoint
from layerwalk.probes.facts.transport import PortState


class SynOption(StrEnum):
    """What a SYN may carry: TCP options (RFC 9293, 7323, 2018, 7413) and ECN flags (RFC 3168)."""

    MSS = "MSS"
    SACK = "SACK"
    TIMESTAMPS = "timestamps"
    WINDOW_SCALE = "window scale"
    FAST_OPEN = "Fast Open"
    ECN = "ECN"
    ACCURATE_ECN = "accurate ECN"


LINUX = (SynOption.MSS, SynOption.SACK, SynOption.TIMESTAMPS, SynOption.WINDOW_SCALE)
"""What Linux puts on its SYNs unless it is set otherwise."""

ECN_FLAGS = frozenset({SynOption.ECN, SynOption.ACCURATE_ECN})
"""The flags that Linux leaves off where it has to send its SYN again."""


@dataclass(frozen=True, kw_only=True)
class SynVariant:
    """SYNs that carry ``options`` and nothing else: how many were sent, and what came back.

    ``answered`` counts the SYNs that the target itself answered.
    """

    options: tuple[SynOption, ...] = ()
    sent: int = 0
    answered: int = 0
    answers: tuple[Answer, ...] = ()

    @property
    def state(self) -> PortState:
        """What they met; an ACK is a SYN that the target holds already."""
        kinds = {answer.kind for answer in self.answers}
        if kinds & {AnswerKind.SYN_ACK, AnswerKind.ACK}:
            return PortState.OPEN
        if AnswerKind.RST in kinds:
            return PortState.CLOSED
        if AnswerKind.UNREACHABLE in kinds:
            return PortState.REJECTED
        return PortState.SILENT if self.sent else PortState.UNKNOWN

    @property
    def passes(self) -> bool:
        """Whether the target answers them, be it with a reset."""
        return self.answered > 0


@dataclass(frozen=True, kw_only=True)
class SynOptionsFact(Fact):
    """SYNs with and without options to one port, sent among each other.

    ``own`` is what this machine's kernel puts on its SYNs to there. Among the variants are those
    SYNs, plain ones, and some with one option alone, as far as they were needed. Without raw
    sockets there are the kernel's two sorts alone: with ECN flags, and without.
    """

    probe: ClassVar[str] = "syn-options"
    layer: ClassVar[int] = 4

    address: str
    port: int
    own: tuple[SynOption, ...] = LINUX
    variants: tuple[SynVariant, ...] = ()

    def of(self, *options: SynOption) -> SynVariant:
        """The SYNs that carry exactly these options; of none that were sent, an empty variant."""
        return next((it for it in self.variants if it.options == options), SynVariant())

    @property
    def kernels(self) -> SynVariant:
        """The SYNs as this machine's kernel sends them."""
        return self.of(*self.own)

    @property
    def plain(self) -> SynVariant:
        """The SYNs without any option."""
        return self.of()

    @property
    def unflagged(self) -> SynVariant:
        """The SYNs that the kernel sends again without its ECN flags."""
        bare = tuple(option for option in self.own if option not in ECN_FLAGS)
        return self.of(*bare) if bare != self.own else SynVariant()

    @property
    def simpler(self) -> SynVariant:
        """The SYNs that carry less than the kernel's: nothing, or else no ECN flags."""
        return self.plain if self.plain.sent else self.unflagged

    @property
    def vanishes(self) -> bool:
        """Whether the kernel's own SYNs are lost, each of several, and simpler ones are not."""
        lost = self.kernels.state is PortState.SILENT and self.kernels.sent >= _SEVERAL
        return lost and self.simpler.answered >= _SEVERAL

    @property
    def refused(self) -> bool:
        """Whether the kernel's own SYNs are refused, each of several, and plain ones are taken."""
        shut = self.kernels.state in {PortState.CLOSED, PortState.REJECTED}
        whole = shut and self.kernels.sent >= _SEVERAL
        return whole and self.plain.state is PortState.OPEN and self.plain.answered >= _SEVERAL

    @property
    def culprits(self) -> tuple[SynOption, ...]:
        """The options with which alone SYNs do not get what others get."""
        if not self.plain.sent and self.vanishes:
            return tuple(option for option in self.own if option in ECN_FLAGS)
        alone = [it for it in self.variants if len(it.options) == 1 and it.sent > 1]
        others = self.plain if self.plain.sent else self.kernels
        if others.answered < others.sent or not others.sent:
            return ()
        best = others.state
        return tuple(it.options[0] for it in alone if it.state is not best)

    @property
    def finding(self) -> str:
        """How many of each sort were answered."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        words = [f"{_name(it, self.own)} {_fate(it)}" for it in self.variants]
        where = endpoint(self.address, self.port)
        return f"SYNs to {where}: {', '.join(words)}{_remark(self)}"

    @property
    def command(self) -> str:
        """A SYN without options."""
        return f"nping --tcp --flags syn -p {self.port} -c 3 {self.address}"


_SEVERAL = 3


def listed(options: Iterable[SynOption]) -> str:
    """Name options in a sentence."""
    *others, last = [str(option) for option in options]
    return f"{', '.join(others)} and {last}" if others else last


def _name(variant: SynVariant, own: tuple[SynOption, ...]) -> str:
    if not variant.options:
        return "plain"
    if variant.options == own:
        return "as the kernel sends them"
    if len(variant.options) > 1 and {*own} - {*variant.options} <= ECN_FLAGS:
        return "sent again without ECN"
    return f"with {listed(variant.options)}"


def _fate(variant: SynVariant) -> str:
    refused = {PortState.CLOSED: " (reset)", PortState.REJECTED: " (rejected)"}
    return f"{variant.answered} of {variant.sent} answered{refused.get(variant.state, '')}"


def _remark(fact: SynOptionsFact) -> str:
    strange = [option for option in fact.culprits if option not in fact.own]
    if not strange or fact.vanishes or fact.refused:
        return ""
    return f"; SYNs with {listed(strange)} do not get through, and this machine sends none such"
