"""Whether this machine's own kernel gets to hear that packets are too big, or a rule keeps it from.

On the wire: a large datagram by the walk's own means, which sees every report, and one by an
ordinary socket, which gets only those that the local rules let in (IP_RECVERR, ip(7)).
"""

from __future__ import annotations

from contextlib import closing

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.waiting import patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.kernel.datagrams import send_udp
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

_TRIES = 2
_FLOOR_S = 0.15
_LOOK_S = 0.01


def kernel_hears(peer: Peer, size: int, ctx: ProbeContext, wire: Wire) -> bool | None:
    """Whether a report that arrives here reaches a socket, too.

    ``None`` where none arrives for datagrams of this size, or there is nothing to compare with.
    """
    if not wire.means.raw:
        return None
    wait_s = max(_FLOOR_S, patience_s(wire.known.rtt_s(peer)))

    def arrives() -> bool:
        packet = _datagram(peer, size, wire)
        sent = wire.send(packet) == 0
        return sent and wire.wait(lambda: _is_told(packet, wire), wait_s, ctx.cancel)

    for _ in range(_TRIES):
        if not arrives():
            return None
        heard = _heard(_datagram(peer, size, wire), wait_s, ctx)
        if heard is not False:
            return heard
    return False if arrives() else None  # a router that rations its words proves nothing


def _datagram(peer: Peer, size: int, wire: Wire) -> Packet:
    return packets.udp(peer, (wire.port(peer.source, "udp"), UDP_PORT), wire.number(16), size=size)


def _is_told(packet: Packet, wire: Wire) -> bool:
    return any(answer.kind is AnswerKind.TOO_BIG for answer in wire.answers(packet))


def _heard(packet: Packet, wait_s: float, ctx: ProbeContext) -> bool | None:
    """Send it from an ordinary socket; tells whether the socket is told, if it may send."""
    arrived: list[Arrival] = []
    try:
        probe = send_udp(packet, arrived.append, 0.0, ctx.origin)
    except OSError:
        return None
    until = ctx.clock() + wait_s
    with closing(probe):
        while not probe.look() and ctx.clock() < until and not ctx.pause(_LOOK_S):
            pass
    return any(arrival.heard.kind is AnswerKind.TOO_BIG for arrival in arrived)
