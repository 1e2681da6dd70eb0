"""The path to the target: who answers at which TTL, and how large a packet may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.answer import Answer, AnswerKind
from layerwalk.probes.facts.fact import Fact


class TraceKind(StrEnum):
    """What a path is traced with."""

    ICMP = "icmp"
    UDP = "udp"
    SYN = "syn"
    CONTROL = "control"
    FAILING = "failing-flow"
    WORKING = "working-flow"


@dataclass(frozen=True, kw_only=True)
class Try:
    """One probe of a trace. ``again`` marks a second try at least 1.1 s after the first.

    ``flow`` is the source port, or the echo identifier, that it left with; 0 where the kernel chose
    another one for each probe.
    """

    hop: int
    kind: TraceKind
    answer: Answer | None = None
    again: bool = False
    flow: int = 0

    @property
    def expired(self) -> bool:
        """Whether a router on the way reported it, and not somebody in the target's name."""
        return self.answer is not None and self.answer.kind is AnswerKind.TIME_EXCEEDED


@dataclass(frozen=True, kw_only=True)
class TraceFact(Fact):
    """The path by ICMP, UDP and SYN on constant flows (RFC 792; Paris traceroute).

    ``tries`` holds every probe with its answer; those of a failing and of a working flow are SYNs
    to the port, too. ``control_port`` is the port of the control SYNs,
    0 where none were sent.
    """

    probe: ClassVar[str] = "trace"
    layer: ClassVar[int] = 3

    address: str
    port: int | None = None
    control_port: int = 0
    tries: tuple[Try, ...] = ()

    def of(self, *kinds: TraceKind) -> tuple[Try, ...]:
        """The tries of these kinds (of all, where none is named)."""
        return tuple(t for t in self.tries if not kinds or t.kind in kinds)

    @property
    def finding(self) -> str:
        """How far each kind of probe is known to have got."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        far = []
        for kind in TraceKind:
            tries = self.of(kind)
            if tries:
                far.append(f"{kind} {self._far(tries)}")
        nat = self.translated
        if nat:
            far.append(f"NAT between hop {nat[0]} and hop {nat[1]}")
        return f"path to {self.address}: " + (", ".join(far) or "no probe could be sent")

    @property
    def translated(self) -> tuple[int, int] | None:
        """The hops between which addresses are translated, by what the second one quotes."""
        heard = [(one.hop, one.answer) for one in self.tries if one.answer]
        behind = min((hop for hop, answer in heard if answer.translated), default=None)
        if behind is None:
            return None
        plain = [hop for hop, answer in heard if answer.is_icmp_error and hop < behind]
        return max(plain, default=0), behind

    def _far(self, tries: tuple[Try, ...]) -> str:
        """How far these tries are known to have got; what arrived got no further."""
        here = self.address.partition("%")[0]
        arrived = [t.hop for t in tries if t.answer and t.answer.arrived(here)]
        if arrived:
            return f"to the target, hop {min(arrived)}"
        hops = [t.hop for t in tries if t.answer]
        return f"to hop {max(hops)}" if hops else "nowhere"

    @property
    def command(self) -> str:
        """A SYN traceroute to the port, or an ICMP one."""
        if self.port is None:
            return f"traceroute -n -I {self.address}"
        return f"traceroute -n -T -p {self.port} {self.address}"
