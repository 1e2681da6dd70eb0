"""The first segments of a client's connection, made by hand, so that it may come from anywhere."""

import socket
import struct

from tests.lab.kernel_rules.trials import Case


def syn_packet(case: Case, port: int) -> bytes:
    """Give a SYN from its IP header on, with the options that Linux sends."""
    options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x07"
    segment = struct.pack("!HHIIBBHHH", port, case.port, 1, 0, 0xA0, 2, 64240, 0, 0) + options
    return _packet(case, segment)


def ack_packet(case: Case, port: int, answered: int) -> bytes:
    """Give the ACK of a SYN-ACK with that sequence number."""
    ends = (port, case.port, 2, (answered + 1) % (1 << 32))
    return _packet(case, struct.pack("!HHIIBBHHH", *ends, 0x50, 0x10, 64240, 0, 0))


def answered_to(case: Case, port: int, packet: bytes) -> int | None:
    """Read the sequence number of the SYN-ACK to a case's SYN; ``None`` of any other packet."""
    if packet[0] >> 4 != case.version:
        return None
    family, at = (socket.AF_INET, 12) if case.version == 4 else (socket.AF_INET6, 8)
    ends = b"".join(socket.inet_pton(family, it) for it in (case.destination, case.source))
    body = packet[(packet[0] & 15) * 4 :] if case.version == 4 else packet[40:]
    ours = packet[at : at + len(ends)] == ends
    if not ours or body[:4] != struct.pack("!HH", case.port, port) or body[13] & 0x17 != 0x12:
        return None
    return int.from_bytes(body[4:8])


def _packet(case: Case, segment: bytes) -> bytes:
    """Put a segment behind its IP header, checksums and all."""
    family = socket.AF_INET if case.version == 4 else socket.AF_INET6
    ends = b"".join(socket.inet_pton(family, it) for it in (case.source, case.destination))
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
