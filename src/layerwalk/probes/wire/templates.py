"""Packet templates: what scapy builds for each kind, written down, as loading it takes too long.

A test has scapy build every one of them again and compares. Ports, numbers, lengths, TTL and
checksums are put in later; an IPv4 header's checksum by the kernel (raw(7), IP_HDRINCL).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import ip_address

from layerwalk.probes.facts import SynOption

_NEXT = {"echo": {4: 1, 6: 58}, "udp": {4: 17, 6: 17}, "bare": {4: 6, 6: 6}}
_DATA = 24
_ECHO_REQUEST = {4: 8, 6: 128}
_DONT_FRAGMENT = 0x4000
_TTL = 64

_SYN, _WINDOW = 0x02, 64240
_FLAGS = {SynOption.ECN: 0xC2, SynOption.ACCURATE_ECN: 0x1C2}
"""SYN with ECE and CWR (RFC 3168 6.1.1), and with AE besides (RFC 9768 3.1.1)."""

_SEGMENT = struct.Struct("!HHIIHHHH")
_NO_OP = b"\x01"
_WRITTEN = {
    SynOption.SACK: b"\x04\x02",
    SynOption.TIMESTAMPS: struct.pack("!BBII", 8, 10, 1, 0),
    SynOption.WINDOW_SCALE: _NO_OP + b"\x03\x03\x07",
    SynOption.FAST_OPEN: b"\x22\x02" + 2 * _NO_OP,  # no cookie: asks for one (RFC 7413 2.1)
}


def build(version: int, source: str, destination: str, kind: str) -> bytes:
    """Build a packet of this kind: ``echo``, ``udp`` or ``bare`` TCP."""
    transport = _transport(version, kind)
    ends = ip_address(source).packed + ip_address(destination).packed
    if version == 4:
        words = (0x4500, 20 + len(transport), 1, _DONT_FRAGMENT, _TTL, _NEXT[kind][4], 0)
        return struct.pack("!HHHHBBH", *words) + ends + transport
    return struct.pack("!IHBB", 6 << 28, len(transport), _NEXT[kind][6], _TTL) + ends + transport


def _transport(version: int, kind: str) -> bytes:
    """The layer above IP."""
    if kind == "echo":
        return struct.pack("!BBHHH", _ECHO_REQUEST[version], 0, 0, 0, 0) + bytes(_DATA)
    if kind == "udp":
        return struct.pack("!HHHH", 53, 53, 8 + _DATA, 0) + bytes(_DATA)
    return _SEGMENT.pack(20, 80, 0, 0, 5 << 12, 502, 0, 0)


def build_syn(version: int, mtu: int, options: Sequence[SynOption]) -> bytes:
    """Build the TCP header of a SYN; the MSS is what the interface takes (RFC 6691)."""
    mss = struct.pack("!BBH", 2, 4, mtu - (40 if version == 4 else 60))
    every = {**_WRITTEN, SynOption.MSS: mss}
    written = b"".join(every.get(option, b"") for option in options)
    written += bytes(-len(written) % 4)
    flags = next((_FLAGS[option] for option in options if option in _FLAGS), _SYN)
    words = 5 + len(written) // 4
    return _SEGMENT.pack(20, 80, 0, 0, words << 12 | flags, _WINDOW, 0, 0) + written
