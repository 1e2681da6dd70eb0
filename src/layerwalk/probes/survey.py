"""Expiring probes in flight: what the path probes share. It sends, waits, and keeps the tries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, TraceKind, Try
from layerwalk.probes.waiting import patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

FLOOR_S, NEAR_S = 0.15, 0.03
BLIND_S = 0.6


@dataclass
class Survey:
    """All expiring probes of one path so far; one thread works on it."""

    peer: Peer
    wire: Wire
    ctx: ProbeContext
    flows: dict[TraceKind, tuple[int, int]]
    ident: int = 0
    label: int = 0
    tries: list[tuple[TraceKind, Packet, bool]] = field(default_factory=list)
    _numbers: int = 0

    def ask(self, kinds: Iterable[TraceKind], hops: Iterable[int], *, again: bool = False) -> None:
        """Send one probe of each kind to each hop, as far as the hop's allowance goes."""
        kinds = tuple(kinds)
        for hop in hops:
            for kind in kinds:
                if self.ctx.cancel.is_set():
                    return
                packet = self._packet(kind, hop)
                if self.wire.send_expiring(packet) == 0:
                    self.tries.append((kind, packet, again))

    def ask_flow(self, hops: Iterable[int], number: int) -> None:
        """Send a datagram to each hop on a flow of its own: the second, the third and so on.

        It may meet other routers than the first. A hop answers five probes in a burst, and others
        need some of them.
        """
        usual = self.flows[TraceKind.UDP]
        own = self.wire.port(self.peer.source, f"udp {number}")
        self.flows[TraceKind.UDP], self.label = (own, usual[1]), number
        self.ask((TraceKind.UDP,), hops)
        self.flows[TraceKind.UDP], self.label = usual, 0

    def routers(self) -> list[int]:
        """The hops that have answered, short of the target; none where that was not reached."""
        short = range(1, self.distance() or 0)
        return [hop for hop in short if hop in self.heard_hops()]

    def addresses(self, hop: int) -> set[str]:
        """All that have answered at a hop."""
        return {t.answer.responder for t in self.results() if t.answer and t.hop == hop}

    def _packet(self, kind: TraceKind, hop: int) -> Packet:
        if kind is TraceKind.ICMP:
            self._numbers += 1
            return packets.echo(self.peer, self.ident, self._numbers, hop)
        if kind is TraceKind.UDP:
            packet = packets.udp(self.peer, self.flows[kind], self.wire.number(16), hop)
            return packets.of_flow(packet, self.label) if self.label else packet
        return packets.syn(self.peer, self.flows[kind], self.wire.number(), hop)

    def results(self) -> tuple[Try, ...]:
        """Every try with its answer."""
        return tuple(
            Try(hop=p.hop, kind=kind, answer=self.answer(p), again=again, flow=self._flow(p))
            for kind, p, again in self.tries
        )

    def _flow(self, packet: Packet) -> int:
        return packet.identity.first if self.wire.means.raw or packet.bound else 0

    def answer(self, packet: Packet) -> Answer | None:
        """The first answer to a probe; an ACK of some earlier SYN of the flow is none."""
        answers = (a for a in self.wire.answers(packet) if a.kind is not AnswerKind.ACK)
        return next(answers, None)

    def settle(self, *, until_reached: bool = False) -> None:
        """Wait until all have answered, or as long as answers may reasonably take.

        With ``until_reached``, those of hops in front of the target, once it has answered itself,
        need not be waited for: they are still taken in later.
        """
        began = self.ctx.clock()
        while not self.ctx.cancel.is_set():
            answers = [self.answer(packet) for _, packet, _ in self.tries]
            seen = [answer for answer in answers if answer]
            trips = [answer.rtt_s for answer in seen if answer.tells_the_trip]
            floor_s = NEAR_S if until_reached and self.distance() is not None else FLOOR_S
            limit = max(floor_s, patience_s(max(trips))) if trips else BLIND_S
            if len(seen) == len(answers) or self.ctx.clock() - began >= limit:
                return
            self.wire.wait(self._more_than(len(seen)), floor_s / 3, self.ctx.cancel)

    def _more_than(self, count: int) -> Callable[[], bool]:
        def more() -> bool:
            return sum(1 for _, packet, _ in self.tries if self.answer(packet)) > count

        return more

    def distance(self, *kinds: TraceKind) -> int | None:
        """The smallest TTL at which the target itself answered."""
        hops = [
            t.hop
            for t in self.results()
            if t.answer and t.answer.arrived(self.peer.dst) and (not kinds or t.kind in kinds)
        ]
        return min(hops, default=None)

    def heard_hops(self, *kinds: TraceKind) -> set[int]:
        """The hops that answered probes of these kinds (of any, where none is named)."""
        return {t.hop for t in self.results() if t.answer and (not kinds or t.kind in kinds)}

    def take_back(self) -> None:
        """Reset the SYNs that may have arrived and were not answered."""
        nearest = self.distance() or 0
        others = {TraceKind.ICMP, TraceKind.UDP}
        syns = [p for kind, p, _ in self.tries if kind not in others]
        self.wire.take_back(p for p in syns if p.hop >= nearest)
