"""The first segment of a client's connection, made by hand, so that it may come from anywhere."""

import socket
import struct

from tests.lab.kernel_rules.trials import Case


def syn_packet(case: Case, port: int) -> bytes:
    """Give a SYN from its IP header on, with the options that Linux sends."""
    family = socket.AF_INET if case.version == 4 else socket.AF_INET6
    ends = b"".join(socket.inet_pton(family, it) for it in (case.source, case.destination))
    options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x07"
    segment = struct.pack("!HHIIBBHHH", port, case.port, 1, 0, 0xA0, 2, 64240, 0, 0) + options
    pseudo = ends + struct.pack("!IHBB", len(segment), 0, 0, 6)
    segment = segment[:16] + _checksum(pseudo + segment) + segment[18:]
    if case.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(segment), 6, 64) + ends + segment
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0x4000, 64, 6, 0) + ends
    return header[:10] + _checksum(header) + header[12:] + segment


def _checksum(data: bytes) -> bytes:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)
