"""Many packets at once: one buffer, in which only the ports and their numbers change."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence

from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.wire.checksum import folded, pseudo_header
from layerwalk.probes.wire.packets import WHOLE_WAY

SYN, RST = 0x02, 0x04
_MSS_OPTION = 0x0204
_DO_NOT_FRAGMENT = 0x4000
_WINDOWS = {SYN: 64240, RST: 0}


class Stencil:
    """A row of up to ``most`` equal packets, each ``size`` bytes, whole from the IP header on.

    ``flags`` says what they are: SYNs with the one option that each must have (RFC 9293 3.7.1), or
    the resets that take them back (sequence number ISN+1, RFC 9293 3.10.7.4).
    """

    def __init__(self, flow: Flow, flags: int, most: int) -> None:
        template = _packet(flow, flags)
        self.size = len(template)
        self.most, self.flags = most, flags
        self.buffer = bytearray(template * most)
        self._flow = flow
        self._beyond = 0 if flags == SYN else 1
        self._at = flow.peer.header

    def fill(self, ports: Sequence[int]) -> int:
        """Write packets to these ports, at most ``most`` of them; gives how many bytes they are."""
        even, beyond = self._flow.even, self._beyond
        self._write(2, ports)
        self._write(6, [(even - port) % 0xFFFF + beyond for port in ports])
        return len(ports) * self.size

    def packet(self, place: int) -> bytes:
        """The packet at this place."""
        return bytes(self.buffer[place * self.size : (place + 1) * self.size])

    def _write(self, at: int, words: Sequence[int]) -> None:
        """Write one 16-bit word of each packet, at this offset of its TCP header."""
        packed = struct.pack(f"!{len(words)}H", *words)
        start, end = self._at + at, len(words) * self.size
        self.buffer[start : end : self.size] = packed[0::2]
        self.buffer[start + 1 : end : self.size] = packed[1::2]


def _packet(flow: Flow, flags: int) -> bytes:
    """One packet to port 0, its checksum the one that holds for every port."""
    peer = flow.peer
    options = struct.pack("!HH", _MSS_OPTION, peer.mtu - peer.header - 20) if flags == SYN else b""
    length = 20 + len(options)
    head = struct.pack("!HHHH", flow.source_port, 0, flow.high, flow.even + (flags != SYN))
    rest = struct.pack("!IBBHHH", 0, length << 2, flags, _WINDOWS[flags], 0, 0)
    body = head + rest + options
    total = folded(pseudo_header(flow.source, flow.target, 6, length) + body)
    body = body[:16] + (~total & 0xFFFF).to_bytes(2) + body[18:]
    return _header(flow, length) + body


def _header(flow: Flow, length: int) -> bytes:
    """The IP header, the same for all. IPv4's has a number: the kernel gives one where it is 0."""
    addresses = flow.source + flow.target
    if flow.peer.version == 6:
        return struct.pack("!IHBB", 6 << 28, length, 6, WHOLE_WAY) + addresses
    first = struct.pack("!BBHHHBB", 0x45, 0, 20 + length, 1, _DO_NOT_FRAGMENT, WHOLE_WAY, 6)
    return first + (~folded(first + addresses) & 0xFFFF).to_bytes(2) + addresses


def native_words(values: Sequence[int]) -> array[int]:
    """Machine words, as the kernel's structures of pointers and lengths are made of."""
    return array("L", values)
