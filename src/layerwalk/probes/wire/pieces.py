"""Whether a packet came whole or in pieces, and how large (RFC 791 3.2, RFC 8200 4.5)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_FRAGMENT = 44
_MORE_4, _OFFSET_4 = 0x2000, 0x1FFF
_MORE_6, _OFFSET_6 = 0x0001, 0xFFF8
_HEADER_6 = 40


@dataclass(frozen=True)
class Piece:
    """A packet's ``size`` in bytes as it came, its header included, and what it is a piece of.

    ``offset`` is not 0 where it is none of the first; ``more`` says that others follow it.
    """

    size: int
    offset: int = 0
    more: bool = False
    is_one: bool = False


def piece_of(packet: bytes) -> Piece:
    """Read it from the IP header.

    Raises:
        struct.error: the packet is too short.
        IndexError: it is empty.
    """
    if packet[0] >> 4 == 4:
        size, _, flags = struct.unpack_from("!HHH", packet, 2)
        offset, more = flags & _OFFSET_4, bool(flags & _MORE_4)
        return Piece(size, offset, more, is_one=bool(offset or more))
    length, following = struct.unpack_from("!HB", packet, 4)
    size = length + _HEADER_6
    if following != _FRAGMENT:
        return Piece(size)
    (flags,) = struct.unpack_from("!H", packet, 42)
    return Piece(size, flags & _OFFSET_6, bool(flags & _MORE_6), is_one=True)
