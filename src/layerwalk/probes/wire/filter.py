"""The kernel-side filters (classic BPF): what may be an answer, and what the kernel sends itself.

Written out by hand because libpcap, which would compile them, need not be installed.
"""

from __future__ import annotations

import ctypes
import socket
import struct
from collections.abc import Collection

_SO_ATTACH_FILTER = 26
_LD_BYTE, _LD_HALF_X, _LDX_IHL = 0x30, 0x48, 0xB1
_LD_HALF, _JEQ, _JSET, _JUMP, _RET = 0x28, 0x15, 0x45, 0x05, 0x06
_LD_BYTE_X = 0x50
_DROP, _KEEP = (_RET, 0, 0, 0), (_RET, 0, 0, 0x40000)
_PACKET_TYPE = 0xFFFFF004
_ETHERTYPE = 0xFFFFF000
_OUTGOING = 4
_TCP_FLAGS, _ACK = 13, 0x10
_FARTHEST = 250
_PROTOCOL_AT = {4: 9, 6: 6}
_OFFSET_4 = 0x1FFF
_EXTENSIONS = (0, 43, 44, 60)
_ICMP = {4: 1, 6: 58}
_ICMP_TYPES = {4: (0, 3, 11), 6: (1, 2, 3, 129)}
"""Echo replies and the errors that ``refusals`` knows; questions to this machine are none."""
_ETHERTYPES = {4: 0x0800, 6: 0x86DD}

Instruction = tuple[int, int, int, int]


def program(version: int, ports: Collection[int]) -> list[Instruction]:
    """Let through answers by ICMP, and TCP or UDP to these ports.

    It sees packets from the IP header on. A fragment other than the first has no such header; what
    stands behind an extension header (RFC 8200 4) is left to whoever reads the packet.
    """
    icmp = _answers_by_icmp(version)
    return [
        *(_first_fragment() if version == 4 else []),
        (_LD_BYTE, 0, 0, _PROTOCOL_AT[version]),
        (_JEQ, 0, len(icmp), _ICMP[version]),
        *icmp,
        *(_behind_extensions() if version == 6 else []),
        *_transports(),
        *_port(version, 2),
        *_any_of(ports),
    ]


def _first_fragment() -> list[Instruction]:
    return [(_LD_HALF, 0, 0, 6), (_JSET, 0, 1, _OFFSET_4), _DROP]


def _answers_by_icmp(version: int) -> list[Instruction]:
    behind_options = [(_LDX_IHL, 0, 0, 0), (_LD_BYTE_X, 0, 0, 0)]
    kind = behind_options if version == 4 else [(_LD_BYTE, 0, 0, 40)]
    return [*kind, *_any_of(_ICMP_TYPES[version])]


def _behind_extensions() -> list[Instruction]:
    """Keep what has an extension header, unless UDP follows it: that is no answer to us."""
    last = len(_EXTENSIONS) - 1
    return [
        *((_JEQ, last - place + 1, 0, it) for place, it in enumerate(_EXTENSIONS)),
        (_JUMP, 0, 0, 4),
        (_LD_BYTE, 0, 0, 40),
        (_JEQ, 0, 1, 17),
        _DROP,
        _KEEP,
    ]


def both_ways(version: int, ports: Collection[int]) -> list[Instruction]:
    """Let through TCP or UDP that leaves from these ports or comes in to them.

    It is for sockets that see what leaves, too, and every protocol (ETH_P_ALL in packet(7)).
    """
    to, of = _port(version, 2), _port(version, 0)
    return [
        (_LD_HALF, 0, 0, _ETHERTYPE),
        (_JEQ, 1, 0, _ETHERTYPES[version]),
        _DROP,
        (_LD_BYTE, 0, 0, _PROTOCOL_AT[version]),
        *_transports(),
        (_LD_BYTE, 0, 0, _PACKET_TYPE),
        (_JEQ, 0, len(of) + 1, _OUTGOING),
        *of,
        (_JUMP, 0, 0, len(to)),
        *to,
        *_any_of(ports),
    ]


def acknowledging() -> list[Instruction]:
    """Let through what acknowledges; a TCP socket's filter sees segments from the TCP header on."""
    return [(_LD_BYTE, 0, 0, _TCP_FLAGS), (_JSET, 0, 1, _ACK), _KEEP, _DROP]


def _transports() -> list[Instruction]:
    """Drop what is neither TCP nor UDP."""
    return [(_JEQ, 2, 0, 6), (_JEQ, 1, 0, 17), _DROP]


def _port(version: int, at: int) -> list[Instruction]:
    """Load the port at this offset of the transport header."""
    behind_options = [(_LDX_IHL, 0, 0, 0), (_LD_HALF_X, 0, 0, at)]
    return behind_options if version == 4 else [(_LD_HALF, 0, 0, 40 + at)]


def _any_of(ports: Collection[int]) -> list[Instruction]:
    """Keep what has one of these ports; a jump goes 255 instructions far and no farther."""
    code: list[Instruction] = []
    wanted = sorted(ports)
    for start in range(0, len(wanted), _FARTHEST):
        *others, last = wanted[start : start + _FARTHEST]
        code += [(_JEQ, len(others) - place, 0, it) for place, it in enumerate(others)]
        code += [(_JEQ, 0, 1, last), _KEEP]
    return [*code, _DROP]


def attach(sock: socket.socket, code: list[Instruction]) -> None:
    """Attach a filter; a second call replaces the first."""
    steps = b"".join(struct.pack("HBBI", *step) for step in code)
    held = ctypes.create_string_buffer(steps)
    sock.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(code), ctypes.addressof(held))
    )
