"""The Internet checksum (RFC 1071) and the pseudo-headers that go into it."""

from __future__ import annotations

import struct


def folded(data: bytes | bytearray) -> int:
    """Sum 16-bit words in one's complement; the checksum is the complement of this."""
    padded = bytes(data) + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def pseudo_header(source: bytes, destination: bytes, protocol: int, length: int) -> bytes:
    """The pseudo-header of either family (RFC 9293 3.1, RFC 8200 8.1); order does not matter."""
    return source + destination + struct.pack("!IHBB", length, 0, 0, protocol)
