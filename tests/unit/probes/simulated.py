"""A simulated wire: packets go to a function, answers come back by a clock of its own."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, Fact
from layerwalk.probes.wire.acquaintances import Acquaintances
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer
from layerwalk.probes.wire.wire import Wire

PEER = Peer("198.51.100.10", "192.0.2.10", "eth0")
RTT_S = 0.01

Network = Callable[[Packet], Answer | None]
"""What answers a packet, if anything does."""


def answer(
    kind: AnswerKind, responder: str = PEER.dst, hop: int = WHOLE_WAY, **more: Any
) -> Answer:
    return Answer(kind=kind, responder=responder, hop=hop, rtt_s=RTT_S, ttl=61, **more)


@dataclass
class SimulatedWire:
    """Stands in for ``Wire``: time passes only while somebody waits."""

    network: Network
    now: float = 1000.0
    errors: Callable[[Packet], int] = lambda _packet: 0
    sent: list[tuple[float, Packet]] = field(default_factory=list)
    taken_back: list[Packet] = field(default_factory=list)
    purposes: dict[str, int] = field(default_factory=dict)
    given_up: list[Packet] = field(default_factory=list)
    barred: tuple[str, ...] = ()
    dear: tuple[str, ...] = ()
    raw: bool = True
    reported: Callable[[float], int] = lambda _now: 0
    _answers: dict[tuple[object, ...], list[tuple[float, Answer]]] = field(default_factory=dict)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.known = Acquaintances(clock=self.clock)
        self.means = self

    @property
    def packets(self) -> int:
        return len(self.sent)

    def bars(self, protocol: str) -> str:
        return "not here" if protocol in self.barred else ""

    def is_dear(self, protocol: str) -> bool:
        return protocol in self.dear

    def give_up(self, packet: Packet) -> None:
        self.given_up.append(packet)

    def clock(self) -> float:
        return self.now

    def port(self, _source: str, purpose: str) -> int:
        return self.purposes.setdefault(purpose, 40000 + len(self.purposes))

    def number(self, _bits: int = 32) -> int:
        self._numbers += 1
        return self._numbers

    def send(self, packet: Packet) -> int:
        error = self.errors(packet)
        if error:
            return error
        self.sent.append((self.now, packet))
        self.known.note_probe(packet.peer.dst, self.now)
        found = self.network(packet)
        if found:
            held = self._answers.setdefault(tuple(packet.identity), [])
            held.append((self.now + found.rtt_s, found))
        return 0

    def send_expiring(self, packet: Packet) -> int | None:
        return self.send(packet)

    def answers(self, packet: Packet) -> tuple[Answer, ...]:
        held = self._answers.get(tuple(packet.identity), [])
        here = tuple(found for due, found in held if due <= self.now)
        for found in here:
            if found.responder == packet.peer.dst:
                self.known.learn(found, repeated=False)
        return here

    def answered(self, peer: Peer, ports: tuple[int, int]) -> tuple[Answer, ...]:
        flow = ("tcp", peer.dst, *ports)
        sent = [packet for _, packet in self.sent if packet.identity[:4] == flow]
        return tuple(a for packet in sent for a in self.answers(packet) if a.hop == WHOLE_WAY)

    def wait(self, done: Callable[[], bool], seconds: float, cancel: threading.Event) -> bool:
        deadline = self.now + seconds
        while not done():
            if self.now >= deadline or cancel.is_set():
                return done()
            self.now += 0.005
        return True

    def take_back(self, probes: Iterable[Packet]) -> None:
        self.taken_back += probes

    def hops(self, kind: str, *, port: int | None = None) -> list[int]:
        """The hops that packets of a kind went to, in their order."""
        packets = [packet for _, packet in self.sent if packet.identity.protocol == kind]
        return [it.hop for it in packets if port in {None, it.identity.second}]


@dataclass(frozen=True, kw_only=True)
class SimulatedContext(ProbeContext):
    """A context whose pauses pass on the simulated clock."""

    def pause(self, seconds: float) -> bool:
        wire = cast("SimulatedWire", self.wire)
        wire.now += max(seconds, 0.0)
        return self.cancel.is_set()


def context(
    wire: SimulatedWire, progress: Callable[[Fact], None] = lambda _fact: None
) -> SimulatedContext:
    return SimulatedContext(
        wire=cast("Wire", wire),
        clock=wire.clock,
        progress=progress,
        reports=lambda _version: wire.reported(wire.now),
    )
