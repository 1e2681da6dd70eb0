"""The wire of one walk: it sends, listens, and gives each answer to the probe that it answers."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from layerwalk.probes.facts import Answer, AnswerKind
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.capture import Capture
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.pacing import Pacing
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.ports import Ports
from layerwalk.probes.wire.sender import Sender

_NO_BUFFERS = 105


@dataclass(frozen=True)
class Sent:
    """A packet that left: when, by the wall clock (for round trips) and by the steady one."""

    packet: Packet
    wall: float
    steady: float


@dataclass
class Acquaintance:
    """What is known of an address: first probe, and the slowest round trip of its own answers."""

    first: float | None = None
    rtt_s: float | None = None
    ttl: int = 0


class Wire:
    """Raw sockets, pacing, matching and clean-up of one walk; used by many threads at once."""

    def __init__(self) -> None:
        """Open everything that needs rights.

        Raises:
            PermissionError: no CAP_NET_RAW.
        """
        self._sent: dict[Identity, Sent] = {}
        self._answers: defaultdict[Identity, list[Answer]] = defaultdict(list)
        self._handshakes: dict[tuple[str, int, int], Heard] = {}
        self._known: defaultdict[str, Acquaintance] = defaultdict(Acquaintance)
        self._news = threading.Condition()
        self._pacing = Pacing()
        self._ports = Ports()
        self._random = random.SystemRandom()
        self._sender = Sender()
        self._capture = Capture(self._take)

    def port(self, source: str, purpose: str) -> int:
        """Reserve a source port and listen to it; the same purpose keeps the same flow."""
        with self._news:
            number = self._ports.reserve(source, purpose)
        self._capture.watch(number)
        return number

    def watch(self, port: int) -> None:
        """Listen to a local port that somebody else holds."""
        self._capture.watch(port)

    def number(self, bits: int = 32) -> int:
        """A random number that no outsider can guess: nothing forged matches."""
        return self._random.randrange(1, (1 << bits) - 1)

    @property
    def packets(self) -> int:
        """How many packets this walk has sent."""
        return self._pacing.sent

    def send(self, packet: Packet) -> int:
        """Send at a polite pace; returns 0, the kernel's errno, or -1 when all are spent."""
        address = packet.peer.dst
        while True:
            with self._news:
                if self._pacing.spent:
                    return -1
                delay = self._pacing.delay_s(address, time.monotonic())
                if delay <= 0.0:
                    return self._send_now(packet, address)
            time.sleep(min(delay, 0.1))

    def _send_now(self, packet: Packet, address: str) -> int:
        """Send, with the lock held, so that an answer can't overtake the note of its probe."""
        now = time.monotonic()
        self._pacing.count(address, now)
        self._sent[packet.identity] = Sent(packet, time.time(), now)
        error = self._sender.send(packet)
        if error == _NO_BUFFERS:
            error = self._sender.send(packet)
        if error:
            del self._sent[packet.identity]
        known = self._known[address]
        if known.first is None and not error:
            known.first = now
        return error

    def send_expiring(self, packet: Packet) -> int | None:
        """Send a packet that may expire on the way; ``None`` where the hop has had enough."""
        with self._news:
            peer = packet.peer
            if not self._pacing.hop_allows(peer.source, packet.hop, time.monotonic()):
                return None
        return self.send(packet)

    def take_back(self, probes: Iterable[Packet]) -> None:
        """Reset every SYN among these that may be held half open at the target.

        That is each that stayed unanswered, or whose SYN-ACK may have been dropped by this
        machine's own firewall, behind which its kernel does not reset it.
        """
        for packet in probes:
            kinds = {answer.kind for answer in self.answers(packet)}
            if not kinds - {AnswerKind.SYN_ACK, AnswerKind.ACK}:
                self.send(packets.reset(packet))

    def answers(self, packet: Packet) -> tuple[Answer, ...]:
        """What has come back for this packet so far."""
        with self._news:
            return tuple(self._answers.get(packet.identity, ()))

    def answered(self, peer: Peer, ports: tuple[int, int]) -> tuple[Answer, ...]:
        """All that came back on this TCP flow for packets that had the TTL to arrive."""
        flow = ("tcp", peer.dst, *ports)
        with self._news:
            found = [a for identity, a in self._answers.items() if identity[:4] == flow]
        return tuple(x for group in found for x in group if x.hop == packets.WHOLE_WAY)

    def handshake(self, address: str, ports: tuple[int, int]) -> Heard | None:
        """The SYN-ACK that came in for a connection of the kernel's own, from our port."""
        with self._news:
            return self._handshakes.get((address, *ports))

    def wait(self, done: Callable[[], bool], seconds: float, cancel: threading.Event) -> bool:
        """Wait until ``done`` is true, at most so long; tells whether it became true."""
        deadline = time.monotonic() + seconds
        while not done():
            left = deadline - time.monotonic()
            if left <= 0.0 or cancel.is_set():
                return done()
            with self._news:
                self._news.wait(min(left, 0.05))
        return True

    def rtt_s(self, peer: Peer) -> float | None:
        """The slowest round trip to the address itself so far, by any kind of answer."""
        with self._news:
            return self._known[peer.dst].rtt_s

    def distance_hint(self, peer: Peer) -> int:
        """The target's distance in hops as its answers' TTL suggests; 0 where none came.

        Hosts begin at 64, 128 or 255; the way back need not be as long as the way there.
        """
        with self._news:
            ttl = self._known[peer.dst].ttl
        return min((start - ttl + 1 for start in (64, 128, 255) if ttl and start >= ttl), default=0)

    def listened_s(self, peer: Peer) -> float:
        """How long ago the first packet to the address left."""
        with self._news:
            first = self._known[peer.dst].first
        return 0.0 if first is None else time.monotonic() - first

    def close(self) -> None:
        """Close all sockets; waits for nothing on the network."""
        self._capture.close()
        self._sender.close()
        self._ports.close()

    def _take(self, heard: Heard, interface: str, stamp: float) -> None:
        """Match what came in, by identity alone."""
        identity = heard.identity
        if heard.kind is AnswerKind.ACK and heard.sack:
            identity = identity._replace(number=heard.sack[0])
        with self._news:
            sent = self._sent.get(identity)
            if sent is None:
                self._note_handshake(heard)
                return
            answer = _answer(heard, interface, sent, stamp)
            if answer.responder == sent.packet.peer.dst and _tells_the_trip(answer, heard):
                self._learn(answer, repeated=bool(self._answers[identity]))
            self._answers[identity].append(answer)
            self._news.notify_all()

    def _learn(self, answer: Answer, *, repeated: bool) -> None:
        """Take in what an answer by the address itself says of it."""
        known = self._known[answer.responder]
        known.ttl = answer.ttl
        if not repeated:
            known.rtt_s = max(known.rtt_s or 0.0, answer.rtt_s)

    def _note_handshake(self, heard: Heard) -> None:
        if heard.kind is AnswerKind.SYN_ACK:
            mine = heard.identity
            self._handshakes.setdefault((mine.address, mine.first, mine.second), heard)
            self._news.notify_all()


def _tells_the_trip(answer: Answer, heard: Heard) -> bool:
    """Whether the answer came for this very packet, and not for a later one of its flow.

    A host that holds our SYN half open acknowledges the first one when it gets the next.
    """
    return answer.kind is not AnswerKind.ACK or heard.sack is not None


def _answer(heard: Heard, interface: str, sent: Sent, stamp: float) -> Answer:
    """Make the fact of an answer; where the wall clock was set meanwhile, the steady one counts."""
    rtt_s = stamp - sent.wall
    steady = time.monotonic() - sent.steady
    if not 0.0 <= rtt_s <= steady + 0.001:
        rtt_s = steady
    return Answer(
        kind=heard.kind,
        responder=heard.responder,
        hop=sent.packet.hop,
        rtt_s=rtt_s,
        ttl=heard.ttl,
        interface=interface,
        icmp_type=heard.icmp_type,
        icmp_code=heard.icmp_code,
        refusal=heard.refusal,
        mtu=heard.mtu,
        mss=heard.mss,
        window=heard.window,
        options=heard.options,
    )
