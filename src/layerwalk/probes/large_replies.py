"""What becomes of large echo replies: from the target, and from each router on the way.

On the wire: two large echo requests at most to each, and a small one to routers. IPv4 replies may
be cut up on the way (Linux sends them so); IPv6 replies only by who sends them, once it has been
told. So both families show by the pieces, or the loss, that the way back is narrower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, EchoFate, HopSize
from layerwalk.probes.waiting import patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

_SMALL = 128
_FLOOR_S = 0.06
_UNKNOWN_S = 0.15
_TRIES = 2


@dataclass(frozen=True)
class Reply:
    """The fate of large replies; ``piece`` is the size of the largest piece, 0 for none."""

    fate: EchoFate
    piece: int = 0


def large_reply(peer: Peer, size: int, ctx: ProbeContext, wire: Wire) -> Reply:
    """Ask the target for a reply as large as the request, again where it is lost."""
    return _fates({0: peer}, size, ctx, wire)[0]


def replies_by_hop(
    peer: Peer, routers: Mapping[int, str], size: int, ctx: ProbeContext, wire: Wire
) -> tuple[HopSize, ...]:
    """Ask every router, and say what is known of each: ``back`` is the size if that came whole."""
    at = {hop: _router(peer, address) for hop, address in sorted(routers.items())}
    fates = _fates(at, size, ctx, wire)
    small = _answered(at, _SMALL, ctx, wire)
    return tuple(
        HopSize(
            hop=hop,
            address=routers[hop],
            back=size if fates[hop].fate is EchoFate.WHOLE else fates[hop].piece,
            small=bool(small[hop]),
        )
        for hop in at
    )


def _router(peer: Peer, address: str) -> Peer:
    """A router as a peer of its own, by the same way out."""
    return Peer(address, peer.source, peer.interface, peer.mtu)


def _fates(peers: Mapping[int, Peer], size: int, ctx: ProbeContext, wire: Wire) -> dict[int, Reply]:
    found: dict[int, Reply] = {}
    for _ in range(_TRIES):
        left = {hop: peer for hop, peer in peers.items() if not _came(found.get(hop))}
        if left:
            heard = _answered(left, size, ctx, wire)
            found |= {hop: _fate(answers) for hop, answers in heard.items()}
    return found


def _came(reply: Reply | None) -> bool:
    return reply is not None and reply.fate is not EchoFate.LOST


def _fate(answers: tuple[Answer, ...]) -> Reply:
    if not answers:
        return Reply(EchoFate.LOST)
    piece = max(answer.piece for answer in answers)
    return Reply(EchoFate.PIECES if piece else EchoFate.WHOLE, piece)


def _answered(
    peers: Mapping[int, Peer], size: int, ctx: ProbeContext, wire: Wire
) -> dict[int, tuple[Answer, ...]]:
    """Send each an echo request of this size; gives the replies that came in time."""
    ident = wire.number(16)
    sent: dict[int, Packet] = {}
    for hop, peer in peers.items():
        packet = packets.echo(peer, ident, wire.number(16), size=size)
        if not wire.send(packet):
            sent[hop] = packet

    def replies(hop: int) -> tuple[Answer, ...]:
        answers = wire.answers(sent[hop]) if hop in sent else ()
        return tuple(a for a in answers if a.kind is AnswerKind.ECHO_REPLY)

    wire.wait(lambda: all(replies(hop) for hop in sent), _wait_s(peers, wire), ctx.cancel)
    for packet in sent.values():
        if not wire.answers(packet):
            wire.means.give_up(packet)
    return {hop: replies(hop) for hop in peers}


def _wait_s(peers: Mapping[int, Peer], wire: Wire) -> float:
    known = [rtt for peer in peers.values() if (rtt := wire.known.rtt_s(peer)) is not None]
    sure = len(known) == len(peers) and not wire.means.is_dear("echo")
    return max(_FLOOR_S if sure else _UNKNOWN_S, patience_s(max(known, default=0.0)))
