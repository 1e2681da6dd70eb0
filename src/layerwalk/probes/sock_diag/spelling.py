"""How the kernel's addresses are written."""

from __future__ import annotations

import socket

_MAPPED = bytes(10) + b"\xff\xff"


def spelled(family: int, packed: bytes) -> str:
    """Write an address; IPv4 in the clothes of IPv6 (RFC 4291 2.5.5.2) as what it is.

    Raises:
        ValueError: it is too long or too short.
    """
    if family == socket.AF_INET6 and packed.startswith(_MAPPED):
        family, packed = socket.AF_INET, packed[len(_MAPPED) :]
    return socket.inet_ntop(family, packed)
