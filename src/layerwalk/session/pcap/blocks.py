"""Blocks of a pcapng file (draft-ietf-opsawg-pcapng, sections 3 and 4), in this machine's order."""

from __future__ import annotations

import struct
from enum import IntEnum

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_END, _COMMENT = 0, 1
_APPLICATION = 4
_NAME, _RESOLUTION = 2, 9
_FLAGS = 2
_NANOSECONDS = 9
_LONGEST_OPTION = 0xFFFF

Option = tuple[int, bytes]


class LinkType(IntEnum):
    """What a packet begins with (LINKTYPE_ETHERNET and LINKTYPE_RAW of the pcap registry)."""

    ETHERNET = 1
    IP = 101


def section(application: str, comment: str) -> bytes:
    """Begin a section; what follows belongs to it until the next one begins."""
    fixed = struct.pack("=IHHq", _BYTE_ORDER_MAGIC, 1, 0, -1)
    options = [(_APPLICATION, application.encode()), (_COMMENT, comment.encode())]
    return _block(_SECTION, fixed, options)


def interface(name: str, link_type: LinkType, longest: int) -> bytes:
    """Describe an interface whose packets are cut at ``longest`` bytes; times are nanoseconds."""
    fixed = struct.pack("=HHI", link_type, 0, longest)
    named = [(_NAME, name.encode())] if name else []
    return _block(_INTERFACE, fixed, [*named, (_RESOLUTION, bytes([_NANOSECONDS]))])


def packet(number: int, stamp_ns: int, seen: tuple[bytes, int], notes: tuple[str, int]) -> bytes:
    """Write a packet of the interface with this number (from 0).

    ``seen`` is the packet, perhaps cut, and its whole length; ``notes`` its comment and its
    direction (1 in, 2 out).
    """
    (data, length), (comment, direction) = seen, notes
    high, low = divmod(stamp_ns, 1 << 32)
    fixed = struct.pack("=IIIII", number, high, low, len(data), length) + _padded(data)
    flags = struct.pack("=I", direction)
    return _block(_PACKET, fixed, [(_COMMENT, comment.encode()), (_FLAGS, flags)])


def _block(kind: int, fixed: bytes, options: list[Option]) -> bytes:
    body = fixed + b"".join(_option(*it) for it in options) + struct.pack("=HH", _END, 0)
    length = struct.pack("=I", len(body) + 12)
    return struct.pack("=I", kind) + length + body + length


def _option(code: int, value: bytes) -> bytes:
    value = value[:_LONGEST_OPTION]
    return struct.pack("=HH", code, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
