"""Packets of a given size that must be answered: old segments, echo requests, datagrams, SYNs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.facts import Answer, AnswerKind, SizeMethod
from layerwalk.probes.seen_connection import seen_connection
from layerwalk.probes.waiting import patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.wire import Wire

_TRIES = 2
_AT_ONCE = 4
_FLOOR_S = 0.15
_KNOWN_FLOOR_S = 0.06
_TCP_HEADER = 20
_ARRIVED = {
    AnswerKind.ECHO_REPLY,
    AnswerKind.ACK,
    AnswerKind.SYN_ACK,
    AnswerKind.RST,
    AnswerKind.UDP,
}
_INSISTENCE, _INSISTENCE_DEAR, _APART_S = 8, 4, 0.03

Make = Callable[[int, int], Packet]
"""Makes a packet of a size, with a TTL."""


@dataclass
class Sizer:
    """Sends packets of given sizes and tells which arrived. ``largest`` is the size to begin at."""

    peer: Peer
    ctx: ProbeContext
    wire: Wire
    make: Make
    method: SizeMethod
    largest: int
    mss: int | None = None
    sent: list[tuple[int, Packet]] = field(default_factory=list)

    def is_answered(self, sizes: list[int]) -> bool:
        """Whether anything of this kind is: sends all, and waits for the first, which is small."""
        for _ in range(_TRIES):
            fresh = self._sent(sizes)
            self._settle(lambda: self.passed() >= sizes[0])
            if self.passed():
                return True
            self._give_up(fresh)
        return False

    def is_steady(self, size: int) -> bool:
        """Whether each of a few at once arrives: no limit on them would cut a search short."""
        fresh = self._sent(_AT_ONCE * [size])
        self._settle(lambda: all(map(self.wire.answers, fresh)))
        self._give_up(fresh)
        return len(fresh) == _AT_ONCE and all(map(self._arrived, fresh))

    def ask(self, sizes: list[int], tries: int = _TRIES) -> list[Answer]:
        """Send each size, again where it stays silent; returns the new answers."""
        fresh: list[Packet] = []
        for _ in range(tries):
            fresh += self._sent([size for size in sizes if not self._answered(size)])
            self._settle(lambda: all(self._answered(size) for size in sizes))
        self._give_up(fresh)
        return [answer for packet in fresh for answer in self.wire.answers(packet)]

    def insist(self, sizes: list[int], patience_s: float) -> None:
        """Send each size so often that not all of it can be lost by chance, until one arrives."""
        fresh: list[Packet] = []
        dear = self.wire.means.is_dear(self.method)
        for _ in range(_INSISTENCE_DEAR if dear else _INSISTENCE):
            fresh += self._sent(sizes)
            if self.wire.wait(lambda: self.passed() >= min(sizes), _APART_S, self.ctx.cancel):
                break
        self._settle(lambda: self.passed() >= min(sizes), patience_s)
        self._give_up(fresh)

    def expire(self, sizes: list[int], hops: list[int]) -> dict[int, list[Answer]]:
        """Send packets of these sizes that expire at each hop; returns by size what came back."""
        asked = [(size, self.make(size, hop)) for size in sizes for hop in hops]
        sent = [(size, one) for size, one in asked if self.wire.send_expiring(one) == 0]
        self._settle(lambda: all(self.wire.answers(packet) for _, packet in sent))
        self._give_up([packet for _, packet in sent])
        found: dict[int, list[Answer]] = {size: [] for size in sizes}
        for size, packet in sent:
            found[size] += self.wire.answers(packet)
        return found

    def _sent(self, sizes: list[int]) -> list[Packet]:
        """Send one packet of each size; returns those that left."""
        made = [(size, self.make(size, WHOLE_WAY)) for size in sizes]
        left = [(size, packet) for size, packet in made if not self.wire.send(packet)]
        self.sent += left
        return [packet for _, packet in left]

    def passed(self) -> int:
        """The largest size that arrived, 0 if none did."""
        return max((size for size, packet in self.sent if self._arrived(packet)), default=0)

    def tried_and_failed(self) -> int:
        """The smallest size that was tried and did not arrive."""
        arrived = self.passed()
        failed = (size for size, p in self.sent if size > arrived and not self._arrived(p))
        return min(failed, default=0)

    def too_big(self) -> tuple[Answer, ...]:
        """What routers said of packets that were too big for them, each word once."""
        answers = (answer for _, packet in self.sent for answer in self.wire.answers(packet))
        said = {(a.responder, a.mtu): a for a in answers if a.kind is AnswerKind.TOO_BIG}
        return tuple(said.values())

    def was_told(self, size: int) -> bool:
        """Whether a router said of a packet of this size that it is too big."""
        answers = (a for one, packet in self.sent if one == size for a in self.wire.answers(packet))
        return any(answer.kind is AnswerKind.TOO_BIG for answer in answers)

    def _arrived(self, packet: Packet) -> bool:
        return any(
            answer.kind in _ARRIVED
            or (answer.kind is AnswerKind.UNREACHABLE and answer.responder == self.peer.dst)
            for answer in self.wire.answers(packet)
        )

    def _give_up(self, sent: list[Packet]) -> None:
        for packet in sent:
            if not self.wire.answers(packet):
                self.wire.means.give_up(packet)

    def _answered(self, size: int) -> bool:
        return any(self.wire.answers(packet) for one, packet in self.sent if one == size)

    def _settle(self, done: Callable[[], bool], at_least_s: float = 0.0) -> None:
        """Wait for what is still missing, not long where it is known how soon answers come."""
        rtt_s = self.wire.known.rtt_s(self.peer)
        slow = rtt_s is None or self.wire.means.is_dear(self.method)
        floor_s = max(at_least_s, _FLOOR_S if slow else _KNOWN_FLOOR_S)
        self.wire.wait(done, max(floor_s, patience_s(rtt_s)), self.ctx.cancel)


@contextmanager
def open_sizer(peer: Peer, port: int | None, ctx: ProbeContext, wire: Wire) -> Iterator[Sizer]:
    """Give a sizer: on a connection to ``port`` if that answers old segments, else by echo.

    Where no echo may be sent it is by datagrams, of which a host answers one a second; where the
    target answers no echo, by SYNs to the port that carry data, which the service never sees
    (RFC 9293 3.4), each on a flow of its own.
    """
    if port is not None and wire.means.raw:
        with seen_connection(peer, port, ctx, wire) as seen:
            if seen:
                sizer = _by_tcp(seen.heard, peer, seen.ports, ctx, wire)
                if sizer.is_answered([_SMALL, sizer.largest]):
                    yield sizer
                    return
    mss = _announced(peer, port, wire)
    by = _by_udp if wire.means.bars("echo") else _by_echo
    sizer = by(peer, mss, ctx, wire)
    if port is None or not wire.means.raw or sizer.is_answered([_SMALL, sizer.largest]):
        yield sizer
        return
    laden = _by_syn(peer, port, mss, ctx, wire)
    try:
        yield laden if laden.is_steady(_SMALL) else sizer
    finally:
        wire.take_back(packet for _, packet in laden.sent)


_SMALL = 128


def _announced(peer: Peer, port: int | None, wire: Wire) -> int | None:
    """The smallest MSS that a SYN-ACK of the port has announced, if one did."""
    if port is None:
        return None
    answers = wire.answered(peer, (wire.port(peer.source, f"syn {port}"), port))
    return min((answer.mss for answer in answers if answer.mss), default=None)


def _full(peer: Peer, mss: int | None) -> int:
    """The packet size of a full segment, as far as the interface takes it; all of that unknown."""
    return min(peer.header + _TCP_HEADER + mss, peer.mtu) if mss else peer.mtu


def _by_echo(peer: Peer, mss: int | None, ctx: ProbeContext, wire: Wire) -> Sizer:
    ident = wire.number(16)
    numbers = iter(range(1, 0xFFFF))

    def make(size: int, hop: int) -> Packet:
        return packets.echo(peer, ident, next(numbers), hop, size)

    return Sizer(peer, ctx, wire, make, SizeMethod.ECHO, _full(peer, mss), mss)


def _by_udp(peer: Peer, mss: int | None, ctx: ProbeContext, wire: Wire) -> Sizer:
    ports = (wire.port(peer.source, "udp"), UDP_PORT)

    def make(size: int, hop: int) -> Packet:
        return packets.udp(peer, ports, wire.number(16), hop, size=size)

    return Sizer(peer, ctx, wire, make, SizeMethod.UDP, _full(peer, mss), mss)


def _by_syn(peer: Peer, port: int, mss: int | None, ctx: ProbeContext, wire: Wire) -> Sizer:
    numbers = iter(range(1, 0xFFFF))

    def make(size: int, hop: int) -> Packet:
        own = wire.port(peer.source, f"size {port} {next(numbers)}")
        return packets.laden_syn(peer, (own, port), wire.number(), size, hop)

    return Sizer(peer, ctx, wire, make, SizeMethod.SYN, _full(peer, mss), mss)


def _by_tcp(
    heard: Heard, peer: Peer, ports: tuple[int, int], ctx: ProbeContext, wire: Wire
) -> Sizer:
    numbers = (heard.numbers[1], (heard.numbers[0] + 1) & 0xFFFFFFFF)

    def make(size: int, hop: int) -> Packet:
        return packets.old_segment(peer, ports, numbers, size, hop)

    default = 536 if peer.version == 4 else 1220
    largest = _full(peer, heard.mss or default)
    return Sizer(peer, ctx, wire, make, SizeMethod.TCP, largest, heard.mss)
