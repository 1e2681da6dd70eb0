"""Simulated paths: routers in a row, with the target behind them."""

from dataclasses import dataclass, field, replace

from layerwalk.probes.facts import Answer, AnswerKind, Refusal
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, answer

EXPIRED = AnswerKind.TIME_EXCEEDED
PROTOCOLS = frozenset({"echo", "udp", "tcp"})


def router(hop: int) -> str:
    return f"203.0.113.{hop}"


@dataclass
class Path:
    """So many routers; ``silent`` ones report nothing, ``deaf`` ones not at the first time.

    ``cut`` is the hop behind which nothing arrives, ``takes`` what the target answers to,
    ``refused`` the hop of a router that refuses SYNs.
    """

    routers: int
    silent: frozenset[int] = frozenset()
    deaf: frozenset[int] = frozenset()
    cut: int = 99
    takes: frozenset[str] = PROTOCOLS
    ports: frozenset[int] = frozenset({5432})
    refused: int = 0
    circle: int = 0
    _asked: dict[int, int] = field(default_factory=dict)

    def __call__(self, packet: Packet) -> Answer | None:
        kind, hop = packet.identity.protocol, packet.hop
        if kind == "tcp" and self.refused and hop > self.refused:
            who = router(self.refused)
            found = answer(AnswerKind.UNREACHABLE, who, hop, icmp_type=3, icmp_code=13)
            return replace(found, refusal=Refusal.PROHIBITED)
        if hop <= self.routers and hop <= self.cut:
            return self._expired(hop)
        if self.circle and hop > self.circle:
            return answer(EXPIRED, router(self.circle + hop % 2), hop)
        return self._arrived(packet) if self.cut > self.routers else None

    def _expired(self, hop: int) -> Answer | None:
        self._asked[hop] = self._asked.get(hop, 0) + 1
        if hop in self.silent or (hop in self.deaf and self._asked[hop] <= 3):
            return None
        return answer(EXPIRED, router(hop), hop)

    def _arrived(self, packet: Packet) -> Answer | None:
        kind = packet.identity.protocol
        if kind not in self.takes:
            return None
        if kind == "tcp":
            here = packet.identity.second in self.ports
            return answer(AnswerKind.SYN_ACK if here else AnswerKind.RST, PEER.dst, packet.hop)
        if kind == "udp":
            return answer(AnswerKind.UNREACHABLE, PEER.dst, packet.hop, icmp_type=3, icmp_code=3)
        return answer(AnswerKind.ECHO_REPLY, PEER.dst, packet.hop)
