"""Whether the next hop answers on the link: asked by ourselves, and read from the kernel.

On the wire: up to ten ARP requests (RFC 826) or neighbour solicitations (RFC 4861 7.2.2) to the
next hop alone. Once it answers, one more question and a third of a second of listening show
whether somebody else answers, too; who does is asked twice more and told apart. Needs CAP_NET_RAW;
without it, the kernel's own entry is watched.
"""

from __future__ import annotations

import select
import socket
from contextlib import closing
from dataclasses import dataclass, field, replace

from layerwalk.probes.claimants import told_apart
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import NeighbourFact, Outcome
from layerwalk.probes.neighbour_room import neighbour_table, since
from layerwalk.probes.neighbour_table import Entry, entry
from layerwalk.probes.waiting import WHOLE_SILENCE_S, barred
from layerwalk.probes.wire.link_layer import (
    Question,
    answered_mac,
    overrides,
    question,
    send,
)
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.record import Direction

_GAPS_S = (0.2, 0.25, *[0.1] * 7, 0.2)
"""So many that hardly ever all are lost, also where half of them are."""

_LOOK_S = 0.05
_SECOND_ANSWER_S = 0.15
_WINDOW_S = 0.2
_CHANGE_S = 0.3
_IN_VAIN_S = 3.1
"""By then the kernel has asked three times, a second apart (RFC 4861 7.2.2, arp(7))."""

_KNOWN = {"REACHABLE", "PERMANENT", "NOARP"}


def neighbour(
    peer: Peer, next_hop: str, ctx: ProbeContext, port: int | None = None
) -> NeighbourFact:
    """Ask for the next hop; ``peer`` is the target, whose interface and source are used.

    Where several answer, ``port`` is what they are asked to lead to.
    """
    before = neighbour_table(peer.version)
    fact = _found(peer, next_hop, ctx, port)
    return replace(fact, table=since(before, neighbour_table(peer.version)))


def _found(peer: Peer, next_hop: str, ctx: ProbeContext, port: int | None) -> NeighbourFact:
    raw = ctx.wire is not None and ctx.wire.means.raw
    asking = question(next_hop, peer.source, peer.interface) if raw else None
    if asking is None and raw:
        detail = "this link has no addresses to ask for"
        return _fact(peer, next_hop, Outcome.NOT_RUN, detail=detail)
    if asking is None:
        return _watched(peer, next_hop, ctx)
    try:
        with closing(asking.open(ctx.origin)) as sock:
            asker = _Asker(asking, sock, ctx)
            rivals = asker.ask()
            claimants = told_apart(peer, next_hop, port, rivals, ctx) if rivals else ()
    except OSError as error:
        detail = error.strerror or str(error)
        return _fact(peer, next_hop, Outcome.FAILED, detail=detail)
    known, macs = entry(next_hop, peer.interface), tuple(asker.macs)
    silent = Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.SILENT
    return _fact(
        peer,
        next_hop,
        Outcome.ANSWERED if macs or known.state == "PERMANENT" else silent,
        state=known.state,
        used=known.mac,
        macs=macs,
        asked=asker.asked,
        claimants=claimants,
    )


def _fact(peer: Peer, next_hop: str, outcome: Outcome, **more: object) -> NeighbourFact:
    return NeighbourFact(
        outcome=outcome,
        address=next_hop,
        interface=peer.interface,
        gateway=next_hop.partition("%")[0] != peer.dst,
        destination=peer.address,
        **more,  # type: ignore[arg-type]
    )


@dataclass
class _Asker:
    """Asks on the link; ``macs`` are all that have answered, in their order."""

    asking: Question
    sock: socket.socket
    ctx: ProbeContext
    asked: int = 0
    macs: dict[str, None] = field(default_factory=dict)

    def ask(self) -> tuple[str, ...]:
        """Ask until somebody answers, and once more; returns several who claim the address.

        A router that takes over from another answers after it, and one that shares the load among
        its fellows gives one of their addresses an answer: only who answers the very same question
        as another, twice in a row, is its rival.
        """
        for gap_s in _GAPS_S:
            self._question(gap_s, _SECOND_ANSWER_S)
            if self.macs or self.ctx.cancel.is_set():
                break
        if not self.macs:
            return ()
        self._question(_WINDOW_S)
        if len(self.macs) == 1 or self.ctx.cancel.is_set():
            return ()
        first, second = self._question(_WINDOW_S), self._question(_WINDOW_S)
        steady = tuple(mac for mac in self.macs if mac in first and mac in second)
        return steady if len(steady) > 1 else ()

    def _question(self, seconds: float, once_answered_s: float = _WINDOW_S) -> set[str]:
        """Ask once and listen; returns who claimed the address for itself meanwhile."""
        send(self.sock, self.asking.frame)
        self._record(self.asking.frame, Direction.OUT)
        self.asked += 1
        claims: set[str] = set()
        deadline = self.ctx.clock() + seconds
        while (left := deadline - self.ctx.clock()) > 0 and not self.ctx.cancel.is_set():
            ready, _, _ = select.select([self.sock], [], [], min(left, _LOOK_S))
            frame = self.sock.recv(2048) if ready else b""
            mac = answered_mac(self.asking, frame) if frame else None
            if mac:
                self._record(frame, Direction.IN)
                self.macs[mac] = None
                claims |= {mac} if overrides(self.asking, frame) else set()
                deadline = min(deadline, self.ctx.clock() + once_answered_s)
        return claims

    def _record(self, frame: bytes, direction: Direction) -> None:
        if self.ctx.wire is not None:
            self.ctx.wire.recording.frame(self.asking.interface, frame, direction)


def _watched(peer: Peer, next_hop: str, ctx: ProbeContext) -> NeighbourFact:
    """Watch the kernel's entry while other probes make it resolve, if any may be sent, and longer.

    Where two answer it may change from one to the other.
    """
    alone = bool(barred(ctx.wire, "tcp"))
    began, settled, macs = ctx.clock(), 0.0, dict[str, None]()
    sought = _Sought(ctx)
    while True:
        known = entry(next_hop, peer.interface)
        if known.state == "FAILED" or sought.in_vain(known):
            return _fact(peer, next_hop, Outcome.SILENT, state=known.state)
        if known.mac:
            macs[known.mac] = None
        if known.state in _KNOWN:
            settled = settled or ctx.clock()
            if ctx.clock() - settled >= _CHANGE_S or ctx.pause(_LOOK_S):
                return _seen(peer, next_hop, known, tuple(macs))
            continue
        heard = ctx.wire is not None and ctx.wire.known.rtt_s(peer) is not None
        if alone or heard or ctx.clock() - began >= WHOLE_SILENCE_S or ctx.pause(_LOOK_S):
            detail = (
                "asking on the link needs raw sockets, and the kernel's own entry is not settled"
            )
            return _fact(peer, next_hop, Outcome.NOT_PERMITTED, state=known.state, detail=detail)


@dataclass
class _Sought:
    """How long the kernel has been looking for a neighbour.

    Each packet that is sent to it begins the search anew, and hides that the last one failed.
    """

    ctx: ProbeContext
    since_s: float | None = None

    def in_vain(self, known: Entry) -> bool:
        """Whether it has been looking for so long that nobody can be there."""
        if known.mac:
            self.since_s = None
        elif self.since_s is None and known.state == "INCOMPLETE":
            self.since_s = self.ctx.clock()
        return self.since_s is not None and self.ctx.clock() - self.since_s >= _IN_VAIN_S


def _seen(peer: Peer, next_hop: str, known: Entry, macs: tuple[str, ...]) -> NeighbourFact:
    """Say what the kernel knows; one link-layer address that never changes goes without saying."""
    changed = macs if len(macs) > 1 else ()
    return _fact(peer, next_hop, Outcome.ANSWERED, state=known.state, used=known.mac, macs=changed)
