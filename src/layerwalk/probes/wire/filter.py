"""The kernel-side filter (classic BPF): ICMP, and TCP or UDP to the ports that are ours.

Written out by hand because libpcap, which would compile it, need not be installed.
"""

from __future__ import annotations

import ctypes
import socket
import struct
from collections.abc import Collection

_SO_ATTACH_FILTER = 26
_LD_BYTE, _LD_HALF_X, _LDX_IHL = 0x30, 0x48, 0xB1
_LD_HALF, _JEQ, _RET = 0x28, 0x15, 0x06
_KEEP = 0x40000

Instruction = tuple[int, int, int, int]


def program(version: int, ports: Collection[int]) -> list[Instruction]:
    """Make the filter for one family; it sees packets from the IP header on."""
    icmp, protocol_at = (1, 9) if version == 4 else (58, 6)
    behind_options = [(_LDX_IHL, 0, 0, 0), (_LD_HALF_X, 0, 0, 2)]
    port = behind_options if version == 4 else [(_LD_HALF, 0, 0, 42)]
    tests = [(_JEQ, len(ports) - place, 0, number) for place, number in enumerate(sorted(ports))]
    drop, keep = (_RET, 0, 0, 0), (_RET, 0, 0, _KEEP)
    to_keep = len(port) + len(tests) + 1
    head = [
        (_LD_BYTE, 0, 0, protocol_at),
        (_JEQ, to_keep + 2, 0, icmp),
        (_JEQ, 1, 0, 6),
        (_JEQ, 0, len(port) + len(tests), 17),
    ]
    return [*head, *port, *tests, drop, keep]


def attach(sock: socket.socket, version: int, ports: Collection[int]) -> None:
    """Attach the filter; a second call replaces the first."""
    code = b"".join(struct.pack("HBBI", *step) for step in program(version, ports))
    held = ctypes.create_string_buffer(code)
    count = len(code) // 8
    sock.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", count, ctypes.addressof(held))
    )
