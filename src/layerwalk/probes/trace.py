"""The path to the target, by ICMP, UDP and SYN on constant flows, all TTLs in flight at once.

On the wire: one echo request for each hop, then one SYN to the very port for each hop up to the
target, and past each router that answers a UDP datagram on a flow of its own; a further one where
different routers answered. Other datagrams and second tries only where something stayed silent.
Where echo requests are dear or barred, UDP goes first. A hop is called silent only when a second
try at least 1.1 s later is silent too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.facts import AnswerKind, Outcome, TraceFact, TraceKind
from layerwalk.probes.survey import Survey
from layerwalk.probes.waiting import barred
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire

MOST_HOPS = 30
AGAIN_S = 1.15

_MOMENT_S, _TURN_S = 0.1, 0.4

_FIRST_WAVE = 12
_WAVE = 9
_BEYOND = 3
_REPEATS = 3


def trace(peer: Peer, port: int | None, ctx: ProbeContext) -> TraceFact:
    """Trace the path; ``port`` is the one whose SYNs are followed, if any."""
    wire = ctx.wire
    why = barred(wire, "udp")
    if wire is None or why:
        return TraceFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why)
    return _Tracer(_survey(peer, port, ctx, wire), port).run()


def _survey(peer: Peer, port: int | None, ctx: ProbeContext, wire: Wire) -> Survey:
    flows = {TraceKind.UDP: (wire.port(peer.source, "udp"), UDP_PORT)}
    if port is not None:
        flows[TraceKind.SYN] = (wire.port(peer.source, f"syn {port}"), port)
    return Survey(peer, wire, ctx, flows, wire.number(16))


@dataclass
class _Tracer:
    survey: Survey
    port: int | None
    asked_s: float = field(default=0.0)

    @property
    def outward(self) -> TraceKind:
        """What the hops are first asked with."""
        means = self.survey.wire.means
        dear = means.bars("echo") or means.is_dear("echo")
        return TraceKind.UDP if dear else TraceKind.ICMP

    @property
    def besides(self) -> tuple[TraceKind, ...]:
        """What silent hops are asked with then."""
        if self.outward is TraceKind.ICMP:
            return (TraceKind.UDP,)
        return () if self.survey.wire.means.bars("echo") else (TraceKind.ICMP,)

    def run(self) -> TraceFact:
        means = self.survey.wire.means
        self._acquaint()
        self._waves()
        if self.port is not None:
            self._let_plain_syns_pass(self.port)
            self.survey.ask((TraceKind.SYN,), range(1, self._end() + 1))
        self.survey.ask(self.besides, [] if self._circles() else self._silent())
        if means.raw and self.outward is TraceKind.ICMP:
            self.survey.ask_flow(self.survey.routers(), 2)
        self.asked_s = self.survey.ctx.clock()
        self._settle()
        divided = [hop for hop in self.survey.routers() if len(self.survey.addresses(hop)) > 1]
        if means.raw and divided:  # there may be more of them
            self.survey.ask_flow(range(divided[0], divided[-1] + 1), 3)
            self._settle()
        self._again()
        self.survey.take_back()
        return self._fact()

    def _acquaint(self) -> None:
        """Give the target a moment to show how far away it is: that saves packets."""
        known, peer = self.survey.wire.known, self.survey.peer
        self.survey.wire.wait(
            lambda: known.distance_hint(peer) > 0, _MOMENT_S, self.survey.ctx.cancel
        )

    def _let_plain_syns_pass(self, port: int) -> None:
        """Whoever limits SYNs shall spend his allowance on those that look at the port."""
        known, peer = self.survey.wire.known, self.survey.peer
        self.survey.wire.wait(lambda: known.saw_syns(peer, port), _TURN_S, self.survey.ctx.cancel)

    def _waves(self) -> None:
        """Probes of one kind outwards, until the target answers or the path has plainly ended."""
        guess = self.survey.wire.known.distance_hint(self.survey.peer)
        first, last = 1, guess + 1 if guess else _FIRST_WAVE
        while first <= MOST_HOPS:
            self.survey.ask((self.outward,), range(first, min(last, MOST_HOPS) + 1))
            self._settle(until_reached=True)
            if self._ended(first) or self.survey.ctx.cancel.is_set():
                return
            first, last = last + 1, last + _WAVE

    def _ended(self, first: int) -> bool:
        """Reached, going in circles, refused, or silent for a whole wave with a silent target."""
        survey = self.survey
        if survey.distance() is not None or self._circles() or self._refused_at():
            return True
        nobody = not any(hop >= first + _BEYOND for hop in survey.heard_hops())
        return nobody and not survey.wire.known.distance_hint(survey.peer)

    def _refused_at(self, *kinds: TraceKind) -> int | None:
        """The hop from which on a router refuses to carry packets of these kinds further."""
        results = (t for t in self.survey.results() if not kinds or t.kind in kinds)
        refused = [t.hop for t in results if t.answer and t.answer.refusal]
        return min(refused, default=None)

    def _circles(self) -> bool:
        """Whether some router comes up again and again on the way."""
        seen = Counter(
            one.answer.responder
            for one in self.survey.results()
            if one.kind is self.outward
            and one.answer
            and one.answer.kind is AnswerKind.TIME_EXCEEDED
        )
        return max(seen.values(), default=0) >= _REPEATS

    def _end(self) -> int:
        """The last hop worth asking: the target's, or a little beyond what answered."""
        distance = self.survey.distance()
        if distance is not None:
            return distance
        end = self._refused_at()
        if end is not None:
            return end
        return min(max(self.survey.heard_hops(), default=0) + _BEYOND, MOST_HOPS)

    def _silent(self) -> list[int]:
        """The hops on the way that have answered nothing yet."""
        distance = self.survey.distance()
        end = self._end() if distance is None else distance - 1
        return [hop for hop in range(1, end + 1) if hop not in self.survey.heard_hops()]

    def _unseen_by_syn(self) -> list[int]:
        """The hops that answer others, but no SYN; none where the port answers anyhow."""
        if self.port is None or self.survey.distance(TraceKind.SYN) is not None:
            return []
        heard = self.survey.heard_hops(TraceKind.SYN)
        end = min(self._end(), self._refused_at(TraceKind.SYN) or MOST_HOPS)
        return [hop for hop in range(1, end + 1) if hop not in heard]

    def _again(self) -> None:
        """The second try, where a first one was silent, and not before 1.1 s have passed.

        None where packets go in circles: the same few routers are asked by all hops' probes.
        """
        if self._circles() or not (self._silent() or self._unseen_by_syn()):
            return
        ctx = self.survey.ctx
        if ctx.pause(self.asked_s + AGAIN_S - ctx.clock()):
            return
        self.survey.ask((TraceKind.SYN,), self._unseen_by_syn(), again=True)
        self.survey.ask((self.outward, *self.besides), self._silent(), again=True)
        self._settle()

    def _settle(self, *, until_reached: bool = False) -> None:
        self.survey.ctx.progress(self._fact())
        self.survey.settle(until_reached=until_reached)
        self.survey.ctx.progress(self._fact())

    def _fact(self) -> TraceFact:
        tries = self.survey.results()
        cancelled = self.survey.ctx.cancel.is_set()
        silent = Outcome.CANCELLED if cancelled else Outcome.SILENT
        return TraceFact(
            outcome=Outcome.ANSWERED if any(t.answer for t in tries) else silent,
            address=self.survey.peer.address,
            port=self.port,
            tries=tries,
        )
