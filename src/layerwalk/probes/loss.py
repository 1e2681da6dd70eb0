"""How many packets get lost: a cheap sample first, more only where one of it is lost.

On the wire: 32 echo requests in half a second (where echoes are not answered, 28 SYNs). Where any
stays unanswered, up to 120 echoes and 80 SYNs in all, until the 95 % interval of the loss is wholly
above or below 5 %. Each SYN has a flow of its own and is taken back. Where each echo costs a
process, up to 48 are sent, and only where the SYNs leave it open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, LossFact, Outcome, Tally, round_trips
from layerwalk.probes.facts.loss import MATTERS
from layerwalk.probes.link_counters import LinkWatch
from layerwalk.probes.waiting import barred
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

_FIRST, _TOUCH, _FIRST_SYNS = 32, 6, 28
_GAP_S, _DENSE_S = 0.015, 0.012
_BATCH = 30
_MOST = {"echo": 120, "SYN": 80}
_GIVEN_UP = 20
_OF_PROCESSES, _AT_ONCE = 48, 12
"""Without a ping socket each echo is a program of its own."""

_SURE_OF = 60
_QUIET_S, _LONGEST_S = 0.25, 3.0
_ROUND_TRIPS = 2
_REPEATED_S = 0.9
"""A host repeats an unanswered SYN-ACK after a second: that one was lost the first time."""

_SPOKEN = {"echo": {AnswerKind.ECHO_REPLY}, "SYN": {AnswerKind.SYN_ACK, AnswerKind.RST}}


def loss(peer: Peer, port: int | None, ctx: ProbeContext, *, suspected: bool = False) -> LossFact:
    """Sample the loss; ``suspected`` says that something has been lost before."""
    wire = ctx.wire
    kinds = [] if wire is None else _kinds(wire, port)
    if wire is None or not kinds:
        return LossFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=barred(wire, "echo")
        )
    watch = LinkWatch(peer.interface)
    sampler, detail = _Sampler(peer, port, ctx, wire, kinds), ""
    try:
        sampler.first()
        while sampler.undecided(suspected=suspected) and not ctx.cancel.is_set():
            sampler.more()
    except OSError as error:  # no port is free for one more SYN
        detail = error.strerror or str(error)
    finally:
        sampler.take_back()
    return replace(sampler.fact(detail), counts=watch.counts())


def _kinds(wire: Wire, port: int | None) -> list[str]:
    """What is sent first; echoes that each cost a process of their own are left for later."""
    later = _is_dear(wire) and port is not None
    kinds = [] if later or wire.means.bars("echo") else ["echo"]
    return kinds if port is None or wire.means.bars("tcp") else [*kinds, "SYN"]


def _is_dear(wire: Wire) -> bool:
    return wire.means.is_dear("echo")


@dataclass
class _Sampler:
    peer: Peer
    port: int | None
    ctx: ProbeContext
    wire: Wire
    kinds: list[str]
    sent: dict[str, list[Packet]] = field(default_factory=lambda: {"echo": [], "SYN": []})
    batch: list[Packet] = field(default_factory=list)
    tried: dict[str, int] = field(default_factory=lambda: {"echo": 0, "SYN": 0})
    ident: int = 0

    def first(self) -> None:
        """Take the sample that every walk can afford."""
        self.ident = self.wire.number(16)
        if "echo" in self.kinds:
            self._send(["echo"] * _TOUCH, _GAP_S)
            self._settle()
        if self._tally("echo").answered:
            self._send(["echo"] * (_FIRST - _TOUCH), _GAP_S)
        elif "SYN" in self.kinds:
            self._send(["SYN"] * _FIRST_SYNS, _GAP_S)
        self._settle()

    def undecided(self, *, suspected: bool) -> bool:
        """Whether more packets could still change what the sample says."""
        fact = self.fact()
        clean = all(tally.sent == tally.answered for tally in fact.usable)
        if not fact.usable or (clean and not suspected):
            return False
        if "SYN" in self.kinds and self._worth(self._tally("SYN"), at_least=_GIVEN_UP):
            return True  # what limits echoes may leave SYNs alone
        if fact.lost.low > MATTERS:
            return any(it.sent == it.answered and self._worth(it, _SURE_OF) for it in fact.usable)
        return fact.lost.high >= MATTERS and bool(self._open() or self._left())

    def _left(self) -> bool:
        """Whether echoes have been left for later."""
        return "echo" not in self.kinds and not self.wire.means.bars("echo")

    def more(self) -> None:
        """Send a batch of both kinds in turn, and more of the kind that is behind.

        Of the better one alone where they fare differently: it tells what is lost.
        """
        kinds = self._open()
        if not kinds and self._left():
            self.kinds.append("echo")
            self.ident = self.wire.number(16)
            kinds = ["echo"]
        if set(kinds) == {"echo", "SYN"}:
            kinds = self._mixture()
        batch = _AT_ONCE if "echo" in kinds and _is_dear(self.wire) else _BATCH
        self._send([kinds[number % len(kinds)] for number in range(batch)], _DENSE_S)
        self._settle()
        for packet in self.sent["echo"]:
            if not self.wire.answers(packet):
                self.wire.means.give_up(packet)

    def _mixture(self) -> list[str]:
        echo, syn = self._tally("echo"), self._tally("SYN")
        if echo.answered and syn.answered and echo.lost.unlike(syn.lost):
            return [min(echo, syn, key=lambda tally: tally.lost.rate).kind]
        behind = syn.sent * 2 < echo.sent
        return ["SYN", "SYN", "echo"] if behind else ["echo", "SYN"]

    def _open(self) -> list[str]:
        """The kinds that are answered, or may yet be, and of which not all have been sent."""
        return [kind for kind in self.kinds if self._worth(self._tally(kind))]

    def _worth(self, tally: Tally, at_least: int = 0) -> bool:
        """Whether more of a kind may be sent; with ``at_least``, whether so many are missing."""
        tried = self.tried[tally.kind]  # what was refused, here or on the way, counts too
        most = at_least or self._most(tally.kind)
        return tried < most and (tried < _GIVEN_UP or tally.answered > 0)

    def _most(self, kind: str) -> int:
        if kind == "echo":
            return _OF_PROCESSES if _is_dear(self.wire) else _MOST[kind]
        return _MOST[kind]

    def take_back(self) -> None:
        """Reset what may be held half open."""
        self.wire.take_back(self.sent["SYN"])

    def _send(self, kinds: list[str], gap_s: float) -> None:
        self.batch = []
        for kind in kinds:
            packet = self._packet(kind)
            self.tried[kind] += 1
            if self.wire.send(packet) == 0:
                self.sent[kind].append(packet)
                self.batch.append(packet)
            if self.ctx.pause(gap_s):
                return

    def _packet(self, kind: str) -> Packet:
        number = self.tried[kind] + 1
        if kind == "echo" or self.port is None:
            return packets.echo(self.peer, self.ident, number)
        own = self.wire.port(self.peer.source, f"loss {self.port} {number}")
        return packets.syn(self.peer, (own, self.port), self.wire.number())

    def _settle(self) -> None:
        """Wait for the last batch's answers, as long as the slowest so far would take twice.

        What was slow before the sample began may have waited for a neighbour to be found.
        """
        every = [packet for group in self.sent.values() for packet in group]
        own = [a.rtt_s for packet in every for a in self.wire.answers(packet)[:1]]
        worst_s = max(own, default=self.wire.known.rtt_s(self.peer) or 0.0)
        wait_s = min(max(_QUIET_S, _ROUND_TRIPS * worst_s), _LONGEST_S)
        batch = self.batch
        self.wire.wait(
            lambda: all(self.wire.answers(packet) for packet in batch), wait_s, self.ctx.cancel
        )

    def _answer(self, packet: Packet) -> Answer | None:
        return next(iter(self.wire.answers(packet)), None)

    def _tally(self, kind: str) -> Tally:
        """Count a kind; what a router refused is neither lost nor answered."""
        answers = [self._answer(packet) for packet in self.sent[kind]]
        spoken = [answer for answer in answers if answer and answer.kind in _SPOKEN[kind]]
        refused = sum(1 for answer in answers if answer and answer.kind not in _SPOKEN[kind])
        best_s = min((answer.rtt_s for answer in spoken), default=0.0)
        trips = [a.rtt_s for a in spoken if kind == "echo" or a.rtt_s < best_s + _REPEATED_S]
        return Tally(
            kind=kind,
            sent=len(answers) - refused,
            answered=len(trips),
            trips=round_trips(trips),
        )

    def fact(self, detail: str = "") -> LossFact:
        """Say what the sample has come to; one that was cut short says nothing."""
        tallies = tuple(self._tally(kind) for kind in self.sent)
        heard = Outcome.ANSWERED if any(tally.answered for tally in tallies) else Outcome.SILENT
        kinds = {a.kind for packet in self.sent["SYN"] for a in self.wire.answers(packet)}
        syn_answer = next((str(kind) for kind in AnswerKind if kind in kinds & _SPOKEN["SYN"]), "")
        return LossFact(
            outcome=Outcome.CANCELLED if self.ctx.cancel.is_set() else heard,
            address=self.peer.address,
            port=self.port,
            tallies=tallies,
            syn_answer=syn_answer,
            detail=detail,
        )
