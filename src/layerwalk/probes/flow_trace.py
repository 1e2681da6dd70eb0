"""Where flows part: a flow that fails and one that works, followed side by side.

On the wire: SYNs to the port that expire at each hop, from a source port that never gets an answer
and from one that always does; once more, at least 1.1 s later, where a hop was silent. Without raw
sockets each hop gets another flow of either sort, as far as there are such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import AnswerKind, Flow, FlowsFact, Outcome, TraceFact, TraceKind
from layerwalk.probes.survey import Survey
from layerwalk.probes.trace import AGAIN_S
from layerwalk.probes.waiting import barred
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer

_FREED_S = 0.1
"""The kernel's own attempts hold their ports a moment longer than they are needed."""


def flow_trace(peer: Peer, seen: FlowsFact, reach: int, ctx: ProbeContext) -> TraceFact:
    """Follow both sorts of flows up to hop ``reach``, the target's as far as that is known."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return TraceFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=why)
    sorts = {TraceKind.FAILING: seen.never, TraceKind.WORKING: seen.always}
    survey = _FlowSurvey(peer, wire, ctx, {}, sorts=sorts, port=seen.port)
    survey.follow(range(1, reach + 1))
    asked_s = ctx.clock()
    silent = {kind: survey.silent(kind, reach) for kind in sorts}
    if any(silent.values()) and not ctx.pause(asked_s + AGAIN_S - ctx.clock()):
        for kind, hops in silent.items():
            survey.follow(hops, (kind,), again=True)
    survey.take_back()
    return TraceFact(
        outcome=Outcome.ANSWERED if survey.heard_hops() else Outcome.SILENT,
        address=peer.address,
        port=seen.port,
        tries=survey.results(),
    )


@dataclass
class _FlowSurvey(Survey):
    sorts: dict[TraceKind, tuple[Flow, ...]] = field(default_factory=dict)
    port: int = 0

    def follow(
        self, hops: Sequence[int], kinds: Iterable[TraceKind] = (), *, again: bool = False
    ) -> None:
        """Ask hops, no more at once than flows can be told apart."""
        asked = tuple(kinds) or tuple(self.sorts)
        size = self._at_once(asked, len(hops))
        for start in range(0, len(hops), size):
            self.ask(asked, hops[start : start + size], again=again)
            self.settle()
            self._let_go()

    def silent(self, kind: TraceKind, reach: int) -> list[int]:
        """The hops that this sort of flow had no answer from, short of one where it ended."""
        own = [t for t in self.results() if t.kind is kind and t.answer]
        ends = [t.hop for t in own if t.answer and t.answer.kind is not AnswerKind.TIME_EXCEEDED]
        ended = min(ends, default=reach)
        return [hop for hop in range(1, ended + 1) if hop not in self.heard_hops(kind)]

    def _at_once(self, kinds: tuple[TraceKind, ...], hops: int) -> int:
        if self.wire.means.raw:
            return max(1, hops)
        return max(1, min(len(self.sorts[kind]) for kind in kinds))

    def _let_go(self) -> None:
        """Free the ports of attempts that nothing came of, for the hops that come next."""
        if self.wire.means.raw:
            return
        for _, packet, _ in self.tries:
            self.wire.means.give_up(packet)
        self.ctx.pause(_FREED_S)

    def _packet(self, kind: TraceKind, hop: int) -> Packet:
        flows = self.sorts[kind]
        one = flows[0] if self.wire.means.raw else flows[hop % len(flows)]
        plain = packets.syn(self.peer, (one.port, self.port), self.wire.number(), hop)
        return packets.of_flow(plain, one.label)
