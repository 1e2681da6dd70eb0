"""Attributes of netlink messages, and how they are told from one another (netlink(7)). Pure."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterator

_HEAD = struct.Struct("=HH")
_KIND = 0x3FFF
"""Without NLA_F_NESTED and NLA_F_NET_BYTEORDER."""

_FAMILIES = {4: socket.AF_INET, 16: socket.AF_INET6}


def each(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the attributes' numbers and contents; what is cut off ends them."""
    while len(data) >= _HEAD.size:
        size, kind = _HEAD.unpack_from(data)
        if not _HEAD.size <= size <= len(data):
            return
        yield kind & _KIND, data[_HEAD.size : size]
        data = data[size + 3 & ~3 :]


def attribute(kind: int, content: bytes) -> bytes:
    """Write one attribute."""
    return _HEAD.pack(_HEAD.size + len(content), kind) + content + bytes(-len(content) % 4)


def numbered(kind: int, number: int) -> bytes:
    """Write one attribute that is a number of 32 bits."""
    return attribute(kind, number.to_bytes(4, sys.byteorder))


class Attributes:
    """A message's attributes, by their numbers; what is not there is empty, or ``None``."""

    def __init__(self, data: bytes) -> None:
        self._found = dict(each(data))

    def __contains__(self, kind: int) -> bool:
        """Whether the kernel has told it."""
        return kind in self._found

    def raw(self, kind: int) -> bytes:
        """Give an attribute as it is."""
        return self._found.get(kind, b"")

    def number(self, kind: int) -> int | None:
        """Read a number, of whatever size it is."""
        found = self._found.get(kind)
        return None if found is None else int.from_bytes(found, sys.byteorder)

    def text(self, kind: int) -> str:
        """Read a name."""
        return self.raw(kind).partition(b"\0")[0].decode(errors="replace")

    def address(self, kind: int) -> str:
        """Read an address of IPv4 or IPv6; its size tells which."""
        return written(self.raw(kind))

    def mac(self, kind: int) -> str:
        """Read a link-layer address."""
        return self.raw(kind).hex(":")

    def inside(self, kind: int) -> Attributes:
        """Give the attributes that one holds."""
        return Attributes(self.raw(kind))


def written(packed: bytes) -> str:
    """Write an address of IPv4 or IPv6; empty where it is neither."""
    family = _FAMILIES.get(len(packed))
    return socket.inet_ntop(family, packed) if family else ""
