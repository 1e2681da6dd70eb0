"""Matching: which probe of ours a packet that comes in answers, by identity alone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from layerwalk.probes.facts import Answer, AnswerKind, Refusal
from layerwalk.probes.wire.acquaintances import Acquaintances
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.handshakes import Handshakes
from layerwalk.probes.wire.identity import Identity
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer, returns
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.translation import translated

_CLOCKS_DIFFER_S = 0.001
_KEPT = 128
_MOST = 8
"""How many answers to one packet are kept: duplicates tell nothing that the first does not."""


@dataclass(frozen=True)
class Sent:
    """A packet that left: when, by the wall clock (for round trips) and by the steady one."""

    packet: Packet
    wall: float
    steady: float


class Matching:
    """What was sent and what answered it; not thread-safe, its owner holds the lock."""

    def __init__(self, known: Acquaintances, clock: Callable[[], float] = time.monotonic) -> None:
        self._known = known
        self._clock = clock
        self._sent: dict[Identity, Sent] = {}
        self._answers: defaultdict[Identity, list[Answer]] = defaultdict(list)
        self._handshakes = Handshakes()

    def expect(self, packet: Packet, *, wall: float, steady: float) -> None:
        """Note a packet that is about to leave."""
        self._sent[packet.identity] = Sent(packet, wall, steady)

    def forget(self, packet: Packet) -> None:
        """Strike out a packet that did not leave after all."""
        del self._sent[packet.identity]

    def take(self, arrival: Arrival) -> bool:
        """Give what came in to its probe; tells whether it is of use to anybody."""
        heard, identity = arrival.heard, _answered(arrival.heard)
        sent = self._sent.get(identity)
        if sent is None:
            return self._handshakes.note(heard)
        if not _is_genuine(heard, sent.packet) or len(self._answers[identity]) >= _MOST:
            return False
        answer = _answer(arrival, self._trip_s(sent, arrival), sent.packet)
        target = sent.packet.peer.dst
        if answer.arrived(target) and answer.timed and _tells_the_trip(heard):
            self._known.learn(answer, repeated=bool(self._answers[identity]))
        if answer.refusal is Refusal.HOST and answer.responder != target:
            self._known.note_absence(target)
        self._answers[identity].append(answer)
        return True

    def probe(self, heard: Heard) -> Packet | None:
        """The probe that something that came in answers; ``None`` where it is none of ours."""
        sent = self._sent.get(_answered(heard))
        return sent.packet if sent and _is_genuine(heard, sent.packet) else None

    def answers(self, packet: Packet) -> tuple[Answer, ...]:
        """What has come back for this packet so far."""
        return tuple(self._answers.get(packet.identity, ()))

    def answered(self, peer: Peer, ports: tuple[int, int]) -> tuple[Answer, ...]:
        """All that came back on this TCP flow for packets that had the TTL to arrive."""
        flow = ("tcp", peer.dst, *ports)
        found = [a for identity, a in self._answers.items() if identity[:4] == flow]
        return tuple(x for group in found for x in group if x.hop == WHOLE_WAY)

    def handshake(self, address: str, ports: tuple[int, int]) -> Heard | None:
        """The SYN-ACK that came in for a connection of the kernel's own, from our port.

        ``None`` where none came, or where it can't be told which of several is genuine.
        """
        return self._handshakes.of(address, ports)

    def _trip_s(self, sent: Sent, arrival: Arrival) -> float:
        """The round trip; where the wall clock was set meanwhile, the steady one counts."""
        if arrival.rtt_s is not None:
            return arrival.rtt_s
        rtt_s = arrival.stamp - sent.wall
        steady = self._clock() - sent.steady
        return rtt_s if 0.0 <= rtt_s <= steady + _CLOCKS_DIFFER_S else steady


def _answered(heard: Heard) -> Identity:
    """The identity of the packet that is answered, be it by a selective acknowledgement."""
    if heard.kind is AnswerKind.ACK and heard.sack:
        return heard.identity._replace(number=heard.sack[0])
    return heard.identity


def _is_genuine(heard: Heard, packet: Packet) -> bool:
    """Whether an echo reply brings back what was sent; of all else the identity tells enough."""
    return heard.returned is None or returns(packet, heard.returned)


def _tells_the_trip(heard: Heard) -> bool:
    """Whether the answer came for this very packet, and not for a later one of its flow.

    A host that holds our SYN half open acknowledges the first one when it gets the next.
    """
    return heard.kind is not AnswerKind.ACK or heard.sack is not None


def _answer(arrival: Arrival, rtt_s: float, packet: Packet) -> Answer:
    """Make the fact of an answer."""
    heard = arrival.heard
    return Answer(
        kind=heard.kind,
        responder=heard.responder,
        hop=packet.hop,
        rtt_s=rtt_s,
        timed=arrival.timed,
        ttl=heard.ttl,
        interface=arrival.interface,
        icmp_type=heard.icmp_type,
        icmp_code=heard.icmp_code,
        refusal=heard.refusal,
        mtu=heard.mtu,
        mss=heard.mss,
        window=heard.window,
        options=heard.options,
        packet=arrival.packet[:_KEPT].hex(),
        piece=heard.piece,
        extensions=heard.extensions,
        translated=translated(packet.data, heard.quote),
    )
