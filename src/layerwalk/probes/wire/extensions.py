"""What routers add to their ICMP errors: label stacks, and which interface it was.

RFC 4884 says where the addition stands, RFC 4950 how an MPLS label stack is written, RFC 5837 how
an interface is. What can't be read is left out; nothing here raises.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import ip_address

from layerwalk.probes.wire.checksum import folded

_HEADER = 8
_LENGTH_AT = {4: 5, 6: 4}
_WORD = {4: 4, 6: 8}
_QUOTE = 128
"""The least that is quoted before an addition (RFC 4884 4.1), and where old routers put it."""

_VERSION = 2
_MOST = 8
_MPLS, _INTERFACE = 1, 2
_ROLES = ("in", "sub-interface in", "out", "next hop")
_AFI = {1: 4, 2: 16}
_LONGEST_NAME = 63


def read_extensions(version: int, body: bytes) -> tuple[str, ...]:
    """Read what an ICMP error carries behind its quote, each object in words."""
    length = body[_LENGTH_AT[version]] * _WORD[version] if len(body) > _HEADER else 0
    added = body[_HEADER + (max(length, _QUOTE) if version == 4 else length or _QUOTE) :]
    if len(added) < 4 or added[0] >> 4 != _VERSION or not _is_whole(added):
        return ()
    found = [words for one in _objects(added[4:]) for words in _told(*one)]
    return tuple(found[:_MOST])


def _is_whole(added: bytes) -> bool:
    """Whether the checksum is right; zero says that there is none (RFC 4884 7)."""
    return added[2:4] == b"\0\0" or folded(added) == 0xFFFF


def _objects(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each object by its class and type, with its payload."""
    while len(data) >= 4:
        length, number, kind = struct.unpack_from("!HBB", data)
        if length < 4 or length > len(data):
            return
        yield number, kind, data[4:length]
        data = data[length:]


def _told(number: int, kind: int, payload: bytes) -> Iterator[str]:
    try:
        if (number, kind) == (_MPLS, 1):
            yield from _labels(payload)
        elif number == _INTERFACE:
            yield from _interface(kind, payload)
    except (IndexError, KeyError, struct.error, ValueError):
        return


def _labels(payload: bytes) -> Iterator[str]:
    """The label stack (RFC 4950 3): label, class and TTL of each entry, down to its bottom."""
    for start in range(0, len(payload) - 3, 4):
        entry = int.from_bytes(payload[start : start + 4])
        yield f"MPLS label {entry >> 12}, class {entry >> 9 & 7}, TTL {entry & 0xFF}"
        if entry & 0x100:
            return


def _interface(kind: int, data: bytes) -> Iterator[str]:
    """An interface (RFC 5837 4): its role, and what the type's lowest bits say is there."""
    words = []
    if kind & 8:
        words.append(f"index {int.from_bytes(data[:4])}")
        data = data[4:]
    if kind & 4:
        size = _AFI[int.from_bytes(data[:2])]
        words.append(str(ip_address(data[4 : 4 + size])))
        data = data[4 + size :]
    if kind & 2:
        size = data[0]
        name = data[1:size].rstrip(b"\0").decode("utf-8", errors="replace")[:_LONGEST_NAME]
        words.insert(0, name)
        data = data[size:]
    if kind & 1:
        (mtu,) = struct.unpack_from("!I", data)
        words.append(f"MTU {mtu}")
    if words:
        yield f"interface {_ROLES[kind >> 6]}: {', '.join(words)}"
