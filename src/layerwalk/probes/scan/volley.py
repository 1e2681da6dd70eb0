"""Sending many packets with one call (sendmmsg(2)), which Python has no name for."""

from __future__ import annotations

import ctypes
import errno
import socket
from collections.abc import Sequence

from layerwalk.probes.origin import Origin
from layerwalk.probes.scan.stencil import Stencil, native_words
from layerwalk.probes.wire.packets import Peer

_WORDS = 8
"""A struct mmsghdr in machine words, on 32 bits as on 64; the third is where its pieces are."""

_PIECES_AT, _PIECE_COUNT_AT = 2, 3
_IPV6_HDRINCL = 36
_LATER = {errno.ENOBUFS, errno.EAGAIN, errno.EINTR}


class Volley:
    """Sends what a stencil holds by a socket that is connected to where it goes."""

    def __init__(self, sock: socket.socket, stencil: Stencil) -> None:
        self._sock = sock
        self._stencil = stencil
        self._send = ctypes.CDLL(None, use_errno=True).sendmmsg
        count, size = stencil.most, stencil.size
        held = (ctypes.c_char * len(stencil.buffer)).from_buffer(stencil.buffer)
        first = ctypes.addressof(held)
        self._pieces = native_words([0, 0]) * count
        self._pieces[0::2] = native_words(range(first, first + count * size, size))
        self._pieces[1::2] = native_words([size]) * count
        self._heads = native_words([0] * _WORDS) * count
        pieces, width = self._pieces.buffer_info()[0], self._pieces.itemsize * 2
        self._heads[_PIECES_AT::_WORDS] = native_words(range(pieces, pieces + count * width, width))
        self._heads[_PIECE_COUNT_AT::_WORDS] = native_words([1]) * count
        self._held = held

    def fire(self, ports: Sequence[int]) -> tuple[int, int]:
        """Send to these ports until one is refused; gives how many left, and the errno or 0.

        Where the kernel has no room just now (the errno is 0) it may be fewer, too.
        """
        self._stencil.fill(ports)
        start = self._heads.buffer_info()[0]
        sent = self._send(self._sock.fileno(), ctypes.c_void_p(start), len(ports), 0)
        if sent >= 0:
            return sent, 0
        error = ctypes.get_errno()
        return 0, 0 if error in _LATER else error


def connected_raw(peer: Peer, origin: Origin) -> socket.socket:
    """A raw socket for whole packets to one peer (raw(7), ipv6(7) IPV6_HDRINCL).

    The kernel looks for the route with the socket's own source address, so IPv4 is told it, as
    connect() would; of IPv6 only one that was asked for counts.

    Raises:
        OSError: no CAP_NET_RAW, or no way there.
    """
    six = peer.version == 6
    family = socket.AF_INET6 if six else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    try:
        sock.setblocking(False)
        if six:
            origin.prepare(sock, peer.dst)
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)
            sock.connect((peer.dst, 0, 0, _scope(peer)))
        else:
            origin.steer(sock, peer.dst)
            sock.bind((peer.source, 0))
            sock.connect((peer.dst, 0))
    except OSError:
        sock.close()
        raise
    return sock


def _scope(peer: Peer) -> int:
    scope = peer.address.partition("%")[2]
    if scope or peer.address.lower().startswith("fe80"):
        return socket.if_nametoindex(scope or peer.interface)
    return 0
