"""What was sent and what came back: matching by identity alone, and what that tells of hosts."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace

from layerwalk.probes.facts import Answer, AnswerKind
from layerwalk.probes.wire.capture import Arrival
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer
from layerwalk.probes.wire.parse import Heard

_STARTS = (64, 128, 255)


@dataclass(frozen=True)
class Sent:
    """A packet that left: when, by the wall clock (for round trips) and by the steady one."""

    packet: Packet
    wall: float
    steady: float


@dataclass(frozen=True)
class Acquaintance:
    """What is known of an address by what it answered itself.

    ``first`` is when the first packet to it left (steady clock), ``rtt_s`` its slowest round trip
    so far, ``ttl`` that of its latest answer (0: none came).
    """

    first: float | None = None
    rtt_s: float | None = None
    ttl: int = 0

    @property
    def listened_s(self) -> float:
        """How long ago the first packet to it left."""
        return 0.0 if self.first is None else time.monotonic() - self.first

    @property
    def distance_hint(self) -> int:
        """Its distance in hops as its answers' TTL suggests; 0 where none came.

        Hosts begin at 64, 128 or 255; the way back need not be as long as the way there.
        """
        fitting = (start - self.ttl + 1 for start in _STARTS if self.ttl and start >= self.ttl)
        return min(fitting, default=0)


class Ledger:
    """The books of one walk; not thread-safe, the wire holds the lock."""

    def __init__(self) -> None:
        self._sent: dict[Identity, Sent] = {}
        self._answers: defaultdict[Identity, list[Answer]] = defaultdict(list)
        self._handshakes: dict[tuple[str, int, int], Heard] = {}
        self._known: defaultdict[str, Acquaintance] = defaultdict(Acquaintance)

    def enter(self, packet: Packet) -> None:
        """Note a packet that is about to leave, so that no answer overtakes the note."""
        self._sent[packet.identity] = Sent(packet, time.time(), time.monotonic())

    def strike(self, packet: Packet) -> None:
        """Take back the note of a packet that the kernel refused."""
        del self._sent[packet.identity]

    def confirm(self, packet: Packet) -> None:
        """Note that the packet has left."""
        address = packet.peer.dst
        if self._known[address].first is None:
            now = time.monotonic()
            self._known[address] = replace(self._known[address], first=now)

    def take(self, arrival: Arrival) -> bool:
        """Match what came in; tells whether it meant anything to us."""
        heard = arrival.heard
        identity = heard.identity
        if heard.kind is AnswerKind.ACK and heard.sack:
            identity = identity._replace(number=heard.sack[0])
        sent = self._sent.get(identity)
        if sent is None:
            return self._note_handshake(heard)
        answer = _answer(arrival, sent)
        if answer.responder == sent.packet.peer.dst and _tells_the_trip(heard):
            self._learn(answer, repeated=bool(self._answers[identity]))
        self._answers[identity].append(answer)
        return True

    def answers(self, packet: Packet) -> tuple[Answer, ...]:
        """What has come back for this packet so far."""
        return tuple(self._answers.get(packet.identity, ()))

    def answered(self, peer: Peer, ports: tuple[int, int]) -> tuple[Answer, ...]:
        """All that came back on this TCP flow for packets that had the TTL to arrive."""
        flow = ("tcp", peer.dst, *ports)
        found = [answers for identity, answers in self._answers.items() if identity[:4] == flow]
        return tuple(one for answers in found for one in answers if one.hop == WHOLE_WAY)

    def handshake(self, address: str, ports: tuple[int, int]) -> Heard | None:
        """The SYN-ACK that came in for a connection of the kernel's own."""
        return self._handshakes.get((address, *ports))

    def known(self, address: str) -> Acquaintance:
        """What is known of an address by now."""
        return self._known[address]

    def _learn(self, answer: Answer, *, repeated: bool) -> None:
        """Take in what an answer by the address itself says of it; repetitions tell no trip."""
        known = self._known[answer.responder]
        rtt_s = known.rtt_s if repeated else max(known.rtt_s or 0.0, answer.rtt_s)
        self._known[answer.responder] = replace(known, ttl=answer.ttl, rtt_s=rtt_s)

    def _note_handshake(self, heard: Heard) -> bool:
        if heard.kind is not AnswerKind.SYN_ACK:
            return False
        mine = heard.identity
        self._handshakes.setdefault((mine.address, mine.first, mine.second), heard)
        return True


def _tells_the_trip(heard: Heard) -> bool:
    """Whether the answer came for this very packet, and not for a later one of its flow.

    A host that holds our SYN half open acknowledges the first one when it gets the next.
    """
    return heard.kind is not AnswerKind.ACK or heard.sack is not None


def _answer(arrival: Arrival, sent: Sent) -> Answer:
    """Make the fact of an answer; where the wall clock was set meanwhile, the steady one counts."""
    rtt_s = arrival.stamp - sent.wall
    steady = time.monotonic() - sent.steady
    if not 0.0 <= rtt_s <= steady + 0.001:
        rtt_s = steady
    heard = arrival.heard
    return Answer(
        kind=heard.kind,
        responder=heard.responder,
        hop=sent.packet.hop,
        rtt_s=rtt_s,
        ttl=heard.ttl,
        interface=arrival.interface,
        icmp_type=heard.icmp_type,
        icmp_code=heard.icmp_code,
        refusal=heard.refusal,
        mtu=heard.mtu,
        mss=heard.mss,
        window=heard.window,
        options=heard.options,
        packet=arrival.beginning.hex(),
    )
