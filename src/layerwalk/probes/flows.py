"""Many flows to one port: whether some source ports fail where others work.

On the wire: a SYN from each of 41 source ports (in IPv6 each with a flow label of its own, too) and
one from the port of the first look, in a quarter of a second: one broken path of eight is missed in
one walk of 270. Where some stay unanswered and others do not, those again, mixed with some that
were answered, until chance is out of the question: at most five times more, for at least 1.1 s, so
that a limit has time to let others through. Each SYN is taken back.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, Flow, FlowsFact, FlowTry, Outcome
from layerwalk.probes.waiting import barred, patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

_COUNT = 41
_GAP_S = 0.006
_ROUNDS = 5
_LIKELY, _SEVERAL = 0.2, 2
_AGAIN, _CONTROLS = 16, 6
_FEWEST_CONTROLS, _MANY = 4, 3
_QUIET_S, _BLIND_S, _LONGEST_S = 0.15, 0.35, 3.0
_SPREAD_S, _PAUSE_S = 1.1, 0.2


def flows(peer: Peer, port: int, ctx: ProbeContext, *, alone: bool = True) -> FlowsFact:
    """Try the port from many source ports; half as many where it is not ``alone`` to be walked."""
    wire = ctx.wire
    why = barred(wire, "tcp")
    if wire is None or why:
        return FlowsFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why)
    return _Flows(peer, port, ctx, wire, _COUNT if alone else _COUNT // 2).run()


def _is_chance(fact: FlowsFact) -> bool:
    """Whether flows that worked at first fail later, too, and the others hardly more often."""
    return fact.again[1].part >= _SEVERAL and fact.chance > _LIKELY


@dataclass(frozen=True)
class _Sent:
    when: float
    packet: Packet


@dataclass
class _Flows:
    peer: Peer
    port: int
    ctx: ProbeContext
    wire: Wire
    count: int
    sent: dict[tuple[int, int], list[_Sent]] = field(default_factory=dict)
    began: float = 0.0
    rounds: int = 0
    first_s: float = 0.0
    round_s: float = 0.0

    def run(self) -> FlowsFact:
        self.began = self.ctx.clock()
        try:
            sent = self._send(self._opened())
        except OSError as error:  # no port is free for one more flow
            return self._fact(error.strerror or str(error))
        self.first_s = self.ctx.clock() - self.began
        self._settle(sent)
        while self._worth_more():
            self._again()
        return self._fact()

    def _opened(self) -> list[tuple[int, int]]:
        """Reserve the flows: source ports with their labels, that of the SYN looks first."""
        source, raw = self.peer.source, self.wire.means.raw
        names = [f"flow {self.port} {number}" for number in range(1, self.count + 1)]
        found = [(self.wire.port(source, name), self._label()) for name in names]
        return [(self.wire.port(source, f"syn {self.port}"), 0), *found] if raw else found

    def _label(self) -> int:
        return self.wire.number(20) if self.peer.version == 6 else 0

    def _send(self, keys: Sequence[tuple[int, int]]) -> list[Packet]:
        """Send one SYN each, evenly; where this machine was too busy to, some without a gap."""
        sent: list[Packet] = []
        began = self.ctx.clock()
        for number, (own, label) in enumerate(keys):
            if self.ctx.pause(began + number * _GAP_S - self.ctx.clock()):
                break
            plain = packets.syn(self.peer, (own, self.port), self.wire.number())
            packet = packets.of_flow(plain, label)
            if self.wire.send(packet) == 0:
                note = _Sent(self.ctx.clock() - self.began, packet)
                self.sent.setdefault((own, label), []).append(note)
                sent.append(packet)
        return sent

    def _settle(self, last: Sequence[Packet]) -> None:
        """Wait for the last answers, and take back what has none."""
        rtt_s = self._trip_s()
        quiet_s = _BLIND_S if rtt_s is None else max(_QUIET_S, patience_s(rtt_s))
        wait_s = min(quiet_s, _LONGEST_S)
        self.wire.wait(lambda: all(map(self._answer, last)), wait_s, self.ctx.cancel)
        silent = [packet for packet in last if not self.wire.answers(packet)]
        self.wire.take_back(last)
        for packet in silent:
            self.wire.means.give_up(packet)

    def _trip_s(self) -> float | None:
        """A round trip to the target, by the flows' own answers if there are any."""
        every = [one.packet for tries in self.sent.values() for one in tries]
        found = [answer.rtt_s for answer in map(self._answer, every) if answer]
        return median(found) if found else self.wire.known.rtt_s(self.peer)

    def _answer(self, packet: Packet) -> Answer | None:
        return next(iter(self.wire.answers(packet)), None)

    def _worth_more(self) -> bool:
        """Whether some fail and others don't, and chance or a limit could still be why."""
        fact = self._fact()
        if self.ctx.cancel.is_set() or not (fact.never and fact.always):
            return False
        if self.rounds > 1 and _is_chance(fact):
            return False
        if self._spread_s() >= _SPREAD_S and self.rounds > 1 and fact.differs:
            return False
        return self.rounds < _ROUNDS

    def _spread_s(self) -> float:
        """How long after the first tries the last ones were begun."""
        return self.round_s - self.first_s if self.rounds else 0.0

    def _wait_s(self, failing: int) -> float:
        """How long to wait for another round: where many fail, two are enough."""
        due_s = self.first_s + _SPREAD_S - (self.ctx.clock() - self.began)
        return max(_PAUSE_S, due_s) if failing >= _MANY else _PAUSE_S

    def _again(self) -> None:
        """Try those that never answered, mixed with some that always did.

        Never by turns: a limit that lets every second or fourth pass would keep step with them.
        """
        fact = self._fact()
        if self.rounds and self.ctx.pause(self._wait_s(len(fact.never))):
            return
        self.rounds, self.round_s = self.rounds + 1, self.ctx.clock() - self.began
        failing = [(it.port, it.label) for it in fact.never[:_AGAIN]]
        count = min(max(len(failing), _FEWEST_CONTROLS), _CONTROLS)
        working = [(it.port, it.label) for it in fact.always[-count:]]
        mixed = [*failing, *working]
        random.Random(self.wire.number()).shuffle(mixed)  # noqa: S311 - no secret
        self._settle(self._send(mixed))

    def _fact(self, detail: str = "") -> FlowsFact:
        cancelled = self.ctx.cancel.is_set()
        found = tuple(
            Flow(port=own, label=label, tries=tuple(map(self._told, tries)))
            for (own, label), tries in self.sent.items()
        )
        fact = FlowsFact(
            outcome=Outcome.CANCELLED if cancelled else Outcome.SILENT,
            address=self.peer.address,
            port=self.port,
            flows=found,
            half_open=self.wire.means.raw,
            detail=detail,
        )
        if detail and not found:
            return replace(fact, outcome=Outcome.FAILED)
        answered = fact.good is not None and not cancelled
        return replace(fact, outcome=Outcome.ANSWERED) if answered else fact

    def _told(self, one: _Sent) -> FlowTry:
        """Write a try down; the packets of so many answers are all alike."""
        answer = self._answer(one.packet)
        known = replace(answer, packet="") if answer else None
        return FlowTry(sent_s=round(one.when, 4), answer=known)
