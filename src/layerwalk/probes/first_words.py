"""What a service says first, on connections with segments of different sizes.

On the wire: handshakes by this machine's kernel, the MSS lowered where asked for (TCP_MAXSEG,
tcp(7)), and what the service sends by itself: a few kilobytes at most, for the window is kept
small. Nothing is sent to it, and everything is reset afterwards. Needs no rights.
"""

from __future__ import annotations

import errno
import select
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.port_choice import connect_from_outside, ports_are_scarce
from layerwalk.probes.tcp_info import tcp_info
from layerwalk.probes.wire.packets import Peer

MOST = 4096
"""As many bytes as are read of one connection."""

_WINDOW = 8192
_LOOK_S = 0.02
_TCP_HEADER = 20
_GUESS = 536
"""What the kernel takes the size of segments for before it has seen one."""


@dataclass
class Ear:
    """A connection that listens; ``mss`` is the one asked for, 0 for the kernel's own.

    ``opened_s`` is when the first SYN left, by the steady clock.
    """

    peer: Peer
    sock: socket.socket
    mss: int = 0
    said: int = 0
    ended: bool = False
    opened_s: float = 0.0

    def hear(self) -> None:
        """Take in what is there."""
        try:
            while self.said < MOST:
                data = self.sock.recv(MOST - self.said)
                if not data:
                    self.ended = True
                    return
                self.said += len(data)
        except BlockingIOError:
            return
        except OSError:
            self.ended = True

    def largest(self) -> int:
        """The largest packet that has come, headers included; what is known of it, 0 for none."""
        if not self.said:
            return 0
        info = tcp_info(self.sock)
        seen = info.rcv_mss
        data = seen if seen > _GUESS else min(self.said, seen, _GUESS)
        return self.peer.header + _TCP_HEADER + info.overhead + data

    @property
    def packet(self) -> int:
        """The largest packet that the other end may send, by the MSS of both ends."""
        return self.peer.header + _TCP_HEADER + tcp_info(self.sock).announced_mss

    @property
    def rtt_s(self) -> float:
        """The handshake's round trip."""
        return tcp_info(self.sock).rtt_s

    @property
    def made(self) -> bool:
        """Whether the connection came about."""
        return tcp_info(self.sock).established


@contextmanager
def listening(
    peer: Peer, port: int, sizes: Sequence[int], ctx: ProbeContext
) -> Iterator[list[Ear]]:
    """Connect once for each MSS (0: the kernel's own); what can't be opened is left out."""
    ears = [ear for mss in sizes if (ear := _opened(peer, port, mss, ctx))]
    try:
        yield ears
    finally:
        for ear in ears:
            _reset(ear.sock)


def listen(
    ears: Sequence[Ear], done: Callable[[], bool], seconds: float, ctx: ProbeContext
) -> None:
    """Hear what comes on all of them until it is enough, or the time is over."""
    poll = select.poll()
    for ear in ears:
        poll.register(ear.sock, select.POLLIN)
    until = ctx.clock() + seconds
    while not done() and ctx.clock() < until and not ctx.cancel.is_set():
        open_ones = {ear.sock.fileno(): ear for ear in ears}
        for number, _ in poll.poll(_LOOK_S * 1000):
            ear = open_ones[number]
            ear.hear()
            if ear.ended or ear.said >= MOST:
                poll.unregister(number)


def _opened(peer: Peer, port: int, mss: int, ctx: ProbeContext) -> Ear | None:
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    try:
        sock = ctx.origin.open_socket(family, socket.SOCK_STREAM, to=peer.dst)
    except OSError:
        return None
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        if mss:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
        ctx.follow(sock)
        target = socket.getaddrinfo(peer.address, port, family, sock.type)[0][4]
        # The last port of a program's is for the connection that the verdict rests on.
        scarce = ports_are_scarce()
        code = connect_from_outside(sock, target) if scarce else sock.connect_ex(target)
    except OSError as error:
        code = error.errno or errno.EINVAL
    if code not in {0, errno.EINPROGRESS}:
        sock.close()
        return None
    return Ear(peer, sock, mss, opened_s=ctx.clock())


def _reset(sock: socket.socket) -> None:
    """Leave nothing behind (SO_LINGER of no time, socket(7))."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
