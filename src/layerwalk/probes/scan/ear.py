"""Hearing many packets with one call (recvmmsg(2)) on a packet socket with its own filter."""

from __future__ import annotations

import ctypes
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.scan.stencil import native_words
from layerwalk.probes.wire.filter import attach, program

_ETH_P = {4: 0x0800, 6: 0x86DD}
_SO_RCVBUFFORCE, _SOL_PACKET, _PACKET_STATISTICS = 33, 263, 6
_BUFFER = 64 << 20
_MOST, _LONGEST = 512, 192
_WORDS, _PIECES_AT, _PIECE_COUNT_AT, _LENGTH_AT = 8, 2, 3, 7
"""A struct mmsghdr in machine words, on 32 bits as on 64; its last is how long the message is."""


class Heap(NamedTuple):
    """Packets at even distances (``stride`` bytes) in one buffer, each from its IP header on."""

    room: bytearray
    stride: int
    lengths: list[int]

    def column(self, at: int, width: int = 1) -> bytes:
        """The bytes at one place of every packet, packet by packet."""
        end = len(self.lengths) * self.stride
        found = bytearray(len(self.lengths) * width)
        for byte in range(width):
            found[byte::width] = self.room[at + byte : end : self.stride]
        return bytes(found)

    def packets(self) -> Iterator[bytes]:
        """Each packet by itself."""
        for place, length in enumerate(self.lengths):
            yield bytes(self.room[place * self.stride : place * self.stride + length])


class Ear:
    """Takes in what may answer a flow; the kernel counts what it had no room for."""

    def __init__(self, flow: Flow) -> None:
        """Open the socket.

        Raises:
            OSError: no CAP_NET_RAW.
        """
        version = flow.peer.version
        self._sock = socket.socket(
            socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P[version])
        )
        attach(self._sock, program(version, [flow.source_port]))
        with suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        self._dropped = 0
        self._poll = select.poll()
        self._poll.register(self._sock, select.POLLIN)
        self._receive = ctypes.CDLL(None, use_errno=True).recvmmsg
        self._prepare()

    def _prepare(self) -> None:
        """Lay out room for many packets, and the kernel's structures that point there."""
        self._room = bytearray(_MOST * _LONGEST)
        held = (ctypes.c_char * len(self._room)).from_buffer(self._room)
        first = ctypes.addressof(held)
        self._pieces = native_words([0, 0]) * _MOST
        self._pieces[0::2] = native_words(range(first, first + _MOST * _LONGEST, _LONGEST))
        self._pieces[1::2] = native_words([_LONGEST]) * _MOST
        pieces, width = self._pieces.buffer_info()[0], self._pieces.itemsize * 2
        self._heads = native_words([0] * _WORDS) * _MOST
        self._heads[_PIECES_AT::_WORDS] = native_words(range(pieces, pieces + _MOST * width, width))
        self._heads[_PIECE_COUNT_AT::_WORDS] = native_words([1]) * _MOST
        words = self._heads.itemsize // 4
        self._lengths = (
            memoryview(self._heads).cast("B").cast("I")[_LENGTH_AT * words :: _WORDS * words]
        )

    def wait(self, seconds: float) -> None:
        """Wait until something comes, at most so long."""
        self._poll.poll(max(seconds, 0.0) * 1000)

    def heard(self) -> Iterator[Heap]:
        """Give all that has come by now; each heap holds until the next one."""
        start = ctypes.c_void_p(self._heads.buffer_info()[0])
        while True:
            count = self._receive(self._sock.fileno(), start, _MOST, socket.MSG_DONTWAIT, None)
            if count > 0:
                yield Heap(self._room, _LONGEST, self._lengths[:count].tolist())
            if count < _MOST:
                return

    def dropped(self) -> int:
        """How many packets there was no room for so far (PACKET_STATISTICS, packet(7))."""
        raw = self._sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        self._dropped += struct.unpack("II", raw)[1]
        return self._dropped

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()
