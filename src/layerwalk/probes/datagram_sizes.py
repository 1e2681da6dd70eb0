"""Whether large UDP datagrams vanish, too, where large echoes do: a second opinion.

On the wire: up to four datagrams to a high port. A host reports closed ports once a second at
worst (icmp_ratelimit), so it is asked sparingly, and a silent one proves nothing.
"""

from __future__ import annotations

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire

_APART_S = 1.15
_FLOOR_S = 0.15
_ROUND_TRIPS = 3


def datagrams_vanish(
    peer: Peer, small: int, large: int, ctx: ProbeContext, wire: Wire
) -> bool | None:
    """Whether a datagram of the large size stays silent twice, and one of the small does not.

    ``None`` where nothing answers the small one either.
    """
    if ctx.pause(_APART_S):
        return None
    if _answered(peer, large, ctx, wire):
        return False
    if not _answered(peer, small, ctx, wire) or ctx.pause(_APART_S):
        return None
    return not _answered(peer, large, ctx, wire)


def _answered(peer: Peer, size: int, ctx: ProbeContext, wire: Wire) -> bool:
    """Whether the target itself has something to say of a datagram of this size."""
    ports = (wire.port(peer.source, "udp"), UDP_PORT)
    packet = packets.udp(peer, ports, wire.number(16), size=size)
    if wire.send(packet):
        return False

    def heard() -> bool:
        return any(answer.responder == peer.dst for answer in wire.answers(packet))

    patience_s = max(_FLOOR_S, _ROUND_TRIPS * (wire.known.rtt_s(peer) or 0.0))
    return wire.wait(heard, patience_s, ctx.cancel)
