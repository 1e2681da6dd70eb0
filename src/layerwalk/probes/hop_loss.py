"""Loss by distance: which hops' answers are lost, and which are not.

On the wire, for two seconds: up to five echo requests that expire at each hop (a router reports
few more of them), and a few echo requests to the routers' own addresses, which none limits
so strictly; from the fourth round on only to those around the likeliest place, and more of them.
Where no echoes can be sent, UDP datagrams expire for seven seconds, or until the place
of the loss is plain.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.facts import AnswerKind, HopLossFact, HopTally, Outcome
from layerwalk.probes.waiting import barred, patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

ROUNDS, ROUNDS_WITHOUT_ECHO = 5, 9
_ROUND_S, _ROUND_WITHOUT_ECHO_S = 0.35, 0.8
_DIRECT, _DIRECT_IN_ALL = 30, 200
_FEWEST = 4
"""Rounds that are made at least, however plain the place seems."""

_SCOUTING, _AROUND = 3, (-1, 0, 1, 2)
_MOST = 12
"""Rounds that ask every router; the hops beside a place that are asked then, and how often each."""

_LEFT = {0, errno.ENOBUFS}
"""What this machine's own queue has no room for is lost like any other packet."""

_QUIET_S = 0.5
_ROUND_TRIPS = 2


Place = Callable[[tuple[HopTally, ...]], tuple[int, bool]]
"""After which hop the loss begins, by what was counted so far, and whether that is sure."""


def hop_loss(
    peer: Peer,
    routers: Mapping[int, str],
    distance: int,
    ctx: ProbeContext,
    place: Place | None = None,
) -> HopLossFact:
    """Ask every hop short of the target; ``routers`` are those whose addresses are known.

    By ``place`` those around it are asked more often, and where it takes long, no longer than
    until it is sure.
    """
    wire = ctx.wire
    why = barred(wire, "udp")
    if wire is None or why:
        return HopLossFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=why)
    echo = not (wire.means.bars("echo") or wire.means.is_dear("echo"))
    asked = dict(routers) if echo else {}
    survey = _Rounds(peer, asked, range(1, distance), ctx, wire, echo=echo)
    for done in range(1, 1 + (ROUNDS if echo else ROUNDS_WITHOUT_ECHO)):
        survey.ask()
        plain = not echo and place and done >= _FEWEST and place(survey.tallies())[1]
        if ctx.cancel.is_set() or plain:
            break
        if echo and place and done == _SCOUTING:
            survey.narrow(place)
    return survey.fact()


@dataclass
class _Rounds:
    peer: Peer
    routers: dict[int, str]
    hops: range
    ctx: ProbeContext
    wire: Wire
    echo: bool
    expiring: list[Packet] = field(default_factory=list)
    direct: list[tuple[int, Packet]] = field(default_factory=list)
    ident: int = 0
    most: int = _DIRECT // ROUNDS
    asked: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        self.asked = self.routers

    def ask(self) -> None:
        """One round, its time filled evenly."""
        self.ident = self.ident or self.wire.number(16)
        for hop in self.hops:
            packet = self._expiring(hop)
            if self.wire.send_expiring(packet) in _LEFT:
                self.expiring.append(packet)
        count = min(self.most, _DIRECT_IN_ALL // ROUNDS // max(len(self.asked), 1))
        for _ in range(count):
            self._ask_routers()
            if self.ctx.pause((_ROUND_S if self.echo else _ROUND_WITHOUT_ECHO_S) / count):
                return

    def narrow(self, place: Place) -> None:
        """Ask only the routers around the place from now on."""
        trip_s = self.wire.known.rtt_s(self.peer)
        if trip_s is None or trip_s > _QUIET_S or self.ctx.pause(patience_s(trip_s)):
            return
        after, _ = place(self.tallies())
        around = {after + step for step in _AROUND}
        near = {hop: who for hop, who in self.routers.items() if hop in around}
        if near:
            self.asked, self.most = near, _MOST

    def _expiring(self, hop: int) -> Packet:
        if self.echo:
            return packets.echo(self.peer, self.ident, len(self.expiring) + 1, hop)
        ports = (self.wire.port(self.peer.source, "udp"), UDP_PORT)
        return packets.udp(self.peer, ports, self.wire.number(16), hop)

    def _ask_routers(self) -> None:
        for hop, address in self.asked.items():
            there = replace(self.peer, address=address)
            packet = packets.echo(there, self.ident, len(self.direct) + 1)
            if self.wire.send(packet) in _LEFT:
                self.direct.append((hop, packet))

    def fact(self) -> HopLossFact:
        """Count, after the last answers have had their time."""
        rtt_s = self.wire.known.rtt_s(self.peer) or 0.0
        self.ctx.pause(max(_QUIET_S, _ROUND_TRIPS * rtt_s))
        return HopLossFact(
            outcome=Outcome.CANCELLED if self.ctx.cancel.is_set() else Outcome.ANSWERED,
            address=self.peer.address,
            hops=self.tallies(),
        )

    def tallies(self) -> tuple[HopTally, ...]:
        """What was counted so far, hop by hop."""
        return tuple(self._tally(hop) for hop in self.hops)

    def _tally(self, hop: int) -> HopTally:
        expiring = [packet for packet in self.expiring if packet.hop == hop]
        answers = [a for packet in expiring for a in self.wire.answers(packet)[:1]]
        direct = [packet for number, packet in self.direct if number == hop]
        replies = [a for packet in direct for a in self.wire.answers(packet)[:1]]
        kind = AnswerKind.ECHO_REPLY
        replied = [answer for answer in replies if answer.kind is kind]
        trips = [answer.rtt_s for answer in (*answers, *replied)]
        return HopTally(
            hop=hop,
            address=answers[0].responder if answers else self.routers.get(hop, ""),
            expiring=len(expiring),
            expired=len(answers),
            asked=len(direct),
            replied=len(replied),
            best_s=round(min(trips), 6) if trips else None,
        )
