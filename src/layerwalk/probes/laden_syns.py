"""Whether large TCP segments arrive where no connection shows it: by SYNs that carry data.

A host answers such a SYN, and leaves its data (RFC 9293 3.4): the service never sees it. Where
small ones are answered and large ones are not, large segments vanish; where large ones are
answered, TCP does not suffer, whatever else of that size vanishes.

On the wire: three small ones and three large ones, and as many again where it is not clear yet,
each on a flow of its own. Without raw sockets they are the kernel's (MSG_FASTOPEN, with no cookie).
Its socket is not to let the answer in (IP_MINTTL, ip(7)), or the data would be sent again on the
connection; that something came in vain, the socket counts (SO_MEMINFO).
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.drops import dropped_by
from layerwalk.probes.wire.kernel.sockets import destination, opened
from layerwalk.probes.wire.kernel.tcp import LEAST_TTL
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

_FASTOPEN, _FASTOPEN_NO_COOKIE = 0x20000000, 34
_TCP_HEADER, _SPARED = 20, 40
"""The kernel leaves room for all options that a segment can have (tcp_send_syn_data)."""

_AT_ONCE, _ROUNDS = 3, 2
_FLOOR_S, _LONGEST_S, _ROUND_TRIPS = 0.2, 0.85, 3
"""The kernel sends a SYN again, without the data, after a second."""

_IN_ONE_PIECE = {4: (socket.IPPROTO_IP, 10), 6: (socket.IPPROTO_IPV6, 23)}
_ALWAYS = 2
"""IP_MTU_DISCOVER and IPV6_MTU_DISCOVER; TCP sets DF by IP_PMTUDISC_DO, and not by PROBE."""

_LOOK_S = 0.01
_FARTHEST = 255


def laden_syns_vanish(
    peer: Peer, port: int, sizes: tuple[int, int], ctx: ProbeContext, wire: Wire
) -> bool | None:
    """Whether packets of the larger of two sizes vanish as SYNs; the smaller one is a control.

    ``None`` where that can't be told: the small ones are not answered either, the kernel does not
    send so large ones, or round trips are too long.
    """
    small, large = sizes
    largest = peer.mtu if wire.means.raw else _largest(peer)
    patience_s = max(_FLOOR_S, _ROUND_TRIPS * (wire.known.rtt_s(peer) or 0.0))
    if large > largest or patience_s > _LONGEST_S or wire.known.next_door(peer):
        return None
    try:
        with _way(peer, port, ctx, wire) as way:
            return _compared(way, small, largest, patience_s, ctx)
    except OSError:
        return None


def _largest(peer: Peer) -> int:
    """The largest SYN that the kernel makes, in bytes of IP packet."""
    options = len(packets.syn(peer, (1, 1), 1).data) - peer.header - _TCP_HEADER
    return peer.mtu - _SPARED + options


class _Way(Protocol):
    """How laden SYNs are sent, and what has become of them."""

    def send(self, size: int) -> None:
        """Send one of a size."""

    def arrived(self, size: int) -> int:
        """How many of a size are known to have arrived."""


def _compared(
    way: _Way, small: int, large: int, patience_s: float, ctx: ProbeContext
) -> bool | None:
    for _ in range(_ROUNDS):
        for _ in range(_AT_ONCE):
            way.send(large)
            way.send(small)
        began = ctx.clock()
        while ctx.clock() - began < patience_s:
            if way.arrived(large):
                return False
            if ctx.pause(_LOOK_S):
                return None
        if not way.arrived(small):
            return None
    return True


@contextmanager
def _way(peer: Peer, port: int, ctx: ProbeContext, wire: Wire) -> Iterator[_Way]:
    if wire.means.raw:
        way = _Raw(peer, port, wire)
        try:
            yield way
        finally:
            wire.take_back(packet for _, packet in way.sent)
        return
    with closing(_Kernels(peer, port, ctx, wire)) as kernels:
        yield kernels


@dataclass
class _Raw:
    peer: Peer
    port: int
    wire: Wire
    sent: list[tuple[int, Packet]] = field(default_factory=list)

    def send(self, size: int) -> None:
        own = self.wire.port(self.peer.source, f"laden {self.port} {len(self.sent)}")
        packet = packets.laden_syn(self.peer, (own, self.port), self.wire.number(), size)
        if self.wire.send(packet) == 0:
            self.sent.append((size, packet))

    def arrived(self, size: int) -> int:
        there = self.peer.dst
        answers = (self.wire.answers(packet) for its, packet in self.sent if its == size)
        return sum(any(answer.arrived(there) for answer in found) for found in answers)


@dataclass
class _Kernels:
    peer: Peer
    port: int
    ctx: ProbeContext
    wire: Wire
    sent: list[tuple[int, socket.socket]] = field(default_factory=list)

    def send(self, size: int) -> None:
        """Send one by the kernel.

        Raises:
            OSError: Fast Open is switched off, or the kernel refuses to send.
        """
        packet = packets.syn(self.peer, (1, self.port), self.wire.number())
        sock = opened(packet, socket.SOCK_STREAM, origin=self.ctx.origin)
        self.sent.append((size, sock))
        sock.setsockopt(*LEAST_TTL[self.peer.version], _FARTHEST)
        sock.setsockopt(*_IN_ONE_PIECE[self.peer.version], _ALWAYS)
        sock.setsockopt(socket.IPPROTO_TCP, _FASTOPEN_NO_COOKIE, 1)
        data = bytes(max(size - len(packet.data), 1))
        try:
            sock.sendto(data, _FASTOPEN, destination(packet, self.port))
        except OSError as error:
            if error.errno != errno.EINPROGRESS:
                raise

    def arrived(self, size: int) -> int:
        return sum(dropped_by(sock) > 0 for its, sock in self.sent if its == size)

    def close(self) -> None:
        """Let go; what the target sends again is reset."""
        for _, sock in self.sent:
            sock.close()
