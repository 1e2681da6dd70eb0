"""Whether large UDP datagrams vanish, too, where large echoes do: a second opinion.

On the wire: two large datagrams and a small one to a high port, behind each other. A host reports
closed ports six times and then once a second (icmp_ratelimit), so that one which reports the small
one would have reported the large ones before it; one that reports none is asked again later, and
if it stays silent that proves nothing.
"""

from __future__ import annotations

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.waiting import patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

_APART_S = 1.15
_FLOOR_S = 0.15


def datagrams_vanish(
    peer: Peer, small: int, large: int, ctx: ProbeContext, wire: Wire
) -> bool | None:
    """Whether datagrams of the large size stay silent, and one of the small does not.

    ``None`` where nothing answers the small one either.
    """
    told = _compared(peer, (large, large, small), ctx, wire)
    if told is not None or ctx.pause(_APART_S):
        return told
    return _compared(peer, (large, small), ctx, wire)


def _compared(peer: Peer, sizes: tuple[int, ...], ctx: ProbeContext, wire: Wire) -> bool | None:
    """Send datagrams of these sizes, the small one last; says whether only that one arrived."""
    sent = []
    for size in sizes:
        ports = (wire.port(peer.source, "udp"), UDP_PORT)
        packet = packets.udp(peer, ports, wire.number(16), size=size)
        if not wire.send(packet):
            sent.append((size, packet))

    def arrived() -> set[int]:
        return {size for size, packet in sent if _answered(peer, packet, wire)}

    wait_s = max(_FLOOR_S, patience_s(wire.known.rtt_s(peer)))
    wire.wait(lambda: sizes[0] in arrived(), wait_s, ctx.cancel)
    if sizes[0] in arrived():
        return False
    return True if sizes[-1] in arrived() else None


def _answered(peer: Peer, packet: Packet, wire: Wire) -> bool:
    """Whether the target itself has something to say of this datagram."""
    return any(answer.arrived(peer.dst) for answer in wire.answers(packet))
