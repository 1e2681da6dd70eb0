"""Whether it is how fast SYNs come that decides about them, or when, or chance.

On the wire: 20 SYNs in an eighth of a second, then 16 groups of three, an eighth of a second apart;
where some stay unanswered, three more as slowly as seems to be allowed. Each has a flow of its own
and is taken back. Echoes go among them (or SYNs to a high port, where echoes are not answered).
While SYNs are being dropped, some that expire at each hop show how far they get (limit_place).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import HIGH_PORT
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Outcome,
    PacedSyn,
    SynPaceFact,
)
from layerwalk.probes.limit_place import LimitPlace
from layerwalk.probes.waiting import barred, patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer
from layerwalk.probes.wire.wire import Wire

_BURST, _BURST_GAP_S = 20, 0.006
_GROUPS, _IN_GROUP, _GROUP_GAP_S = 16, 3, 0.13
_SLOWLY, _SLOWER, _SLOWEST_S = 3, 1.6, 1.7
_REST_S = 0.6
_QUIET_S, _LONGEST_S = 0.2, 3.0

_SPOKEN = {AnswerKind.ECHO_REPLY, AnswerKind.SYN_ACK, AnswerKind.RST}


def pace(
    peer: Peer, port: int, routers: Mapping[int, str], ctx: ProbeContext, *, echoes: bool
) -> SynPaceFact:
    """Send SYNs at several paces; ``routers`` are the hops by number, ``echoes`` are answered."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return SynPaceFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
        )
    echoes = echoes and not wire.means.is_dear("echo") and not wire.means.bars("echo")
    probe = _Pace(peer, port, ctx, wire, echoes)
    try:
        probe.run(sorted(routers))
    except OSError as error:  # no port is free for one more SYN
        return probe.fact(error.strerror or str(error))
    finally:
        probe.take_back()
    return probe.fact()


@dataclass
class _Sent:
    when: float
    packet: Packet
    slow: bool


@dataclass
class _Pace:
    peer: Peer
    port: int
    ctx: ProbeContext
    wire: Wire
    echoes: bool
    syns: list[_Sent] = field(default_factory=list)
    beside: list[Packet] = field(default_factory=list)
    flows: int = 0
    began: float = 0.0
    held: list[Packet] = field(default_factory=list)
    place: LimitPlace = field(init=False)

    def run(self, hops: list[int]) -> None:
        """Burst, groups, and what follows where some of them were dropped."""
        self.began = self.ctx.clock()
        self.ctx.pause(_REST_S)  # so that a limit that we have met already lets some through
        self._batch(_BURST, _BURST_GAP_S, beside=4)
        began = self.ctx.clock() + _BURST_GAP_S
        for number in range(_GROUPS):
            self.ctx.pause(began + number * _GROUP_GAP_S - self.ctx.clock())
            self._batch(_IN_GROUP, 0.0, beside=_IN_GROUP)
        self._settle([it.packet for it in self.syns])
        self.take_back()
        fact = self.fact()
        if fact.failed.part in {0, fact.failed.whole} or self.ctx.cancel.is_set():
            return
        answered = [worked for _, worked in fact.schedule[:_BURST]]
        self.place.hops, self.place.at_once = hops, [*answered, False].index(False)
        self.place.ask(self._settle)
        self._slowly(fact)

    def _batch(self, count: int, gap_s: float, beside: int, *, slow: bool = False) -> None:
        """Send so many; where this machine was too busy to, without a gap until it is made up."""
        began = self.ctx.clock()
        for number in range(count):
            if self.ctx.pause(began + number * gap_s - self.ctx.clock()):
                return
            packet = self._syn()
            when = self.ctx.clock()
            if self.wire.send(packet) == 0:
                self.syns.append(_Sent(when, packet, slow))
                self.held.append(packet)
            if number % beside == 0:
                self._beside()

    def _syn(self, port: int = 0, hop: int = WHOLE_WAY) -> Packet:
        self.flows += 1
        own = self.wire.port(self.peer.source, f"pace {self.port} {self.flows}")
        return packets.syn(self.peer, (own, port or self.port), self.wire.number(), hop)

    def _expiring(self, hop: int) -> Packet:
        return self._syn(hop=hop)

    def _beside(self) -> None:
        """Send something else, which no limit on the port's SYNs should touch."""
        if self.echoes:
            number = len(self.beside) + 1
            packet = packets.echo(self.peer, self._ident, number)
        else:
            packet = self._syn(HIGH_PORT)
        if self.wire.send(packet) == 0:
            self.beside.append(packet)
            self.held += [] if self.echoes else [packet]

    def __post_init__(self) -> None:
        self._ident = self.wire.number(16)
        self.place = LimitPlace(self.ctx, self.wire, self._expiring)

    def _slowly(self, fact: SynPaceFact) -> None:
        """As slowly as the groups were let through, and more slowly still."""
        groups = fact.schedule[-_GROUPS * _IN_GROUP :]
        passed = sum(worked for _, worked in groups)
        span_s = groups[-1][0] - groups[0][0]
        gap_s = min(_SLOWER * span_s / passed, _SLOWEST_S) if passed else _SLOWEST_S
        for _ in range(_SLOWLY if passed < len(groups) else 0):
            if self.ctx.pause(gap_s):
                return
            self._batch(1, 0.0, beside=1, slow=True)
        self._settle([it.packet for it in self.syns if it.slow])

    def _settle(self, sent: list[Packet]) -> None:
        rtt_s = self.wire.known.rtt_s(self.peer)
        wait_s = min(max(_QUIET_S, patience_s(rtt_s)), _LONGEST_S)
        self.wire.wait(lambda: all(map(self.wire.answers, sent)), wait_s, self.ctx.cancel)

    def take_back(self) -> None:
        """Reset what may be held half open since the last time."""
        self.wire.take_back(self.held)
        self.held.clear()

    def _answer(self, packet: Packet) -> Answer | None:
        return next((a for a in self.wire.answers(packet) if a.kind is not AnswerKind.ACK), None)

    def fact(self, detail: str = "") -> SynPaceFact:
        """What has come of it so far."""
        answers = [self._answer(it.packet) for it in self.syns]
        kept = [a for a in map(self._answer, self.beside) if a and a.kind in _SPOKEN]
        heard = Outcome.ANSWERED if any(answers) else Outcome.SILENT
        return SynPaceFact(
            outcome=Outcome.CANCELLED if self.ctx.cancel.is_set() else heard,
            address=self.peer.address,
            port=self.port,
            syns=tuple(
                PacedSyn(sent_s=round(it.when - self.began, 4), answer=answer, slow=it.slow)
                for it, answer in zip(self.syns, answers, strict=True)
            ),
            beside="echo" if self.echoes else "SYN",
            beside_port=0 if self.echoes else HIGH_PORT,
            sent_beside=len(self.beside),
            lost_beside=len(self.beside) - len(kept),
            hops=self.place.tries(),
            detail=detail,
        )
