"""Reading a packet for a person: scapy takes it apart, field by field."""

from __future__ import annotations

import struct
from typing import Any

_NONE = ("no packet",)


def dissected(packet: str) -> tuple[str, ...]:
    """Take apart an answer's ``packet`` (hexadecimal, from the IP header on), a line a field.

    Its end may have been cut off. What is no packet at all gives one line that says so.
    """
    try:
        data = bytes.fromhex(packet)
    except ValueError:
        data = b""
    if not data or data[0] >> 4 not in {4, 6}:
        return _NONE
    inet, inet6 = layers()
    try:
        made: Any = (inet.IP if data[0] >> 4 == 4 else inet6.IPv6)(data)
        return tuple(str(made.show(dump=True)).splitlines())
    except (IndexError, ValueError, struct.error):  # scapy raises where a header is cut short
        return _NONE


def layers() -> Any:
    """Import scapy's layers without its look at this machine's routes, which may take minutes."""
    from scapy.config import conf

    conf.route_autoload = False
    conf.route6_autoload = False
    from scapy.layers import inet, inet6

    return inet, inet6
