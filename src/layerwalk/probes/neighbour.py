"""Whether the next hop answers on the link: asked by ourselves, and read from the kernel.

On the wire: up to four ARP requests (RFC 826) or neighbour solicitations (RFC 4861 7.2.2) to the
next hop alone. Needs CAP_NET_RAW; without it, the kernel's own entry is watched.
"""

from __future__ import annotations

import select
import socket
from contextlib import closing

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import NeighbourFact, Outcome
from layerwalk.probes.neighbour_table import entry
from layerwalk.probes.waiting import WHOLE_SILENCE_S, barred
from layerwalk.probes.wire.link_layer import Question, answered_mac, question
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.record import Direction

_GAPS_S = (0.2, 0.25, 0.3, 0.45)
_LOOK_S = 0.05
_SECOND_ANSWER_S = 0.1
_KNOWN = {"REACHABLE", "PERMANENT", "NOARP"}


def neighbour(peer: Peer, next_hop: str, ctx: ProbeContext) -> NeighbourFact:
    """Ask for the next hop; ``peer`` is the target, whose interface and source are used."""
    raw = ctx.wire is not None and ctx.wire.means.raw
    asking = question(next_hop, peer.source, peer.interface) if raw else None
    if asking is None and raw:
        detail = "this link has no addresses to ask for"
        return _fact(peer, next_hop, Outcome.NOT_RUN, detail=detail)
    if asking is None:
        return _watched(peer, next_hop, ctx)
    try:
        macs, asked = _asked(asking, ctx)
    except OSError as error:
        detail = error.strerror or str(error)
        return _fact(peer, next_hop, Outcome.FAILED, detail=detail)
    state = entry(next_hop, peer.interface)
    known = bool(macs) or state == "PERMANENT"
    silent = Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.SILENT
    outcome = Outcome.ANSWERED if known else silent
    return _fact(peer, next_hop, outcome, state=state, macs=macs, asked=asked)


def _fact(peer: Peer, next_hop: str, outcome: Outcome, **more: object) -> NeighbourFact:
    return NeighbourFact(
        outcome=outcome,
        address=next_hop,
        interface=peer.interface,
        gateway=next_hop.partition("%")[0] != peer.dst,
        destination=peer.address,
        **more,  # type: ignore[arg-type]
    )


def _asked(asking: Question, ctx: ProbeContext) -> tuple[tuple[str, ...], int]:
    """Ask until somebody answers; listens a little longer, for a second one who does."""
    macs: dict[str, None] = {}
    with closing(asking.open(ctx.origin)) as sock:
        asked = 0
        for gap_s in _GAPS_S:
            sock.send(asking.frame)
            _record(asking, asking.frame, Direction.OUT, ctx)
            asked += 1
            _collect(sock, asking, macs, gap_s, ctx)
            if macs or ctx.cancel.is_set():
                break
        return tuple(macs), asked


def _collect(
    sock: socket.socket, asking: Question, macs: dict[str, None], seconds: float, ctx: ProbeContext
) -> None:
    deadline = ctx.clock() + seconds
    while (left := deadline - ctx.clock()) > 0 and not ctx.cancel.is_set():
        ready, _, _ = select.select([sock], [], [], min(left, _LOOK_S))
        frame = sock.recv(2048) if ready else b""
        mac = answered_mac(asking, frame) if frame else None
        if mac:
            _record(asking, frame, Direction.IN, ctx)
            macs[mac] = None
            deadline = min(deadline, ctx.clock() + _SECOND_ANSWER_S)


def _record(asking: Question, frame: bytes, direction: Direction, ctx: ProbeContext) -> None:
    if ctx.wire is not None:
        ctx.wire.recording.frame(asking.interface, frame, direction)


def _watched(peer: Peer, next_hop: str, ctx: ProbeContext) -> NeighbourFact:
    """Watch the kernel's entry while other probes make it resolve, if any may be sent."""
    began = ctx.clock()
    alone = bool(barred(ctx.wire, "tcp"))
    while True:
        state = entry(next_hop, peer.interface)
        if state in _KNOWN:
            return _fact(peer, next_hop, Outcome.ANSWERED, state=state)
        if state == "FAILED":
            return _fact(peer, next_hop, Outcome.SILENT, state=state)
        heard = ctx.wire is not None and ctx.wire.known.rtt_s(peer) is not None
        if alone or heard or ctx.clock() - began >= WHOLE_SILENCE_S or ctx.pause(_LOOK_S):
            detail = (
                "asking on the link needs raw sockets, and the kernel's own entry is not settled"
            )
            return _fact(peer, next_hop, Outcome.NOT_PERMITTED, state=state, detail=detail)
