"""Whether the target holds our SYN half open although nothing comes back: without raw sockets.

A host that gets a second SYN on the flow of one that it holds acknowledges the first (RFC 9293
3.10.7.4). What drops SYN-ACKs need not drop that. The kernel tells nobody, but takes it for a
reason to send its SYN again at once, and not after a second as silence would have it (Linux from
5.8 on).

On the wire: two connection attempts from one port, the first given up for the second.
"""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind
from layerwalk.probes.tcp_info import tcp_info
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.kernel.sockets import destination, opened
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer
from layerwalk.probes.wire.wire import Wire

_FLOOR_S, _LONGEST_S = 0.15, 0.85
"""Before a second is over the kernel does not repeat a SYN for want of an answer (RFC 6298 2.1)."""

_ROUND_TRIPS = 2
_LOOK_S = 0.01


def held_syn(peer: Peer, port: int, ctx: ProbeContext, wire: Wire) -> tuple[Answer, ...]:
    """The acknowledgement that shows it; empty where none does, which proves nothing."""
    rtt_s = wire.known.rtt_s(peer)
    if rtt_s is None or _ROUND_TRIPS * rtt_s > _LONGEST_S:
        return ()
    patience_s = _FLOOR_S + _ROUND_TRIPS * rtt_s
    packet = packets.syn(peer, (1, port), wire.number())
    try:
        with closing(opened(packet, socket.SOCK_STREAM, origin=ctx.origin)) as first:
            first.connect_ex(destination(packet, port))
            own = int(first.getsockname()[1])  # which connect() may only have chosen
            ctx.pause(patience_s)
        again = replace(packets.syn(peer, (own, port), wire.number()), bound=True)
        with closing(opened(again, socket.SOCK_STREAM, origin=ctx.origin)) as second:
            second.connect_ex(destination(packet, port))
            return _acknowledged(packet, second, min(patience_s, _LONGEST_S), ctx)
    except OSError:
        return ()


def _acknowledged(
    packet: Packet, sock: socket.socket, patience_s: float, ctx: ProbeContext
) -> tuple[Answer, ...]:
    began = ctx.clock()
    while (waited_s := ctx.clock() - began) < patience_s and not ctx.pause(_LOOK_S):
        info = tcp_info(sock)
        if info.asks_to_connect and info.total_retrans:
            return (_answer(packet, waited_s),)
    return ()


def _answer(packet: Packet, waited_s: float) -> Answer:
    """Nobody measured its round trip, nor saw its TTL."""
    kind, who = AnswerKind.ACK, packet.peer.dst
    return Answer(kind=kind, responder=who, hop=WHOLE_WAY, rtt_s=waited_s, timed=False)
