"""What stands in front of the transport header: IP options, extension headers, fragments."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

_LEAST_4, _FIXED_6 = 20, 40
_OFFSET_4, _OFFSET_6 = 0x1FFF, 0xFFF8
_FRAGMENT, _AUTHENTICATION = 44, 51
_OPTIONS = {0, 43, 60}
_MOST = 8


@dataclass(frozen=True)
class Carried:
    """What an IP packet carries, from the transport header on, and where it comes from."""

    source: str
    destination: str
    ttl: int
    protocol: int
    body: bytes


def carried_4(packet: bytes) -> Carried | None:
    """Open an IPv4 packet (RFC 791).

    A fragment other than the first one carries no header, so it is ``None``.

    Raises:
        IndexError: it is cut short.
        ValueError: likewise.
    """
    length = (packet[0] & 0x0F) * 4
    if length < _LEAST_4 or int.from_bytes(packet[6:8]) & _OFFSET_4:
        return None
    end = int.from_bytes(packet[2:4])
    return Carried(
        source=str(IPv4Address(packet[12:16])),
        destination=str(IPv4Address(packet[16:20])),
        ttl=packet[8],
        protocol=packet[9],
        body=packet[length : end if end > length else None],
    )


def quoted_4(packet: bytes) -> Carried | None:
    """Open the beginning of an IPv4 packet that an ICMP error quotes.

    Routers have been seen to quote its length and its fragment offset in the wrong byte order, so
    neither is believed.

    Raises:
        IndexError: it is cut short.
        ValueError: likewise.
    """
    return carried_4(packet[:2] + b"\0\0" + packet[4:6] + b"\0\0" + packet[8:])


def carried_6(packet: bytes) -> Carried | None:
    """Open an IPv6 packet, past its extension headers (RFC 8200 4); likewise for quoted ones.

    Raises:
        IndexError: it is cut short.
        ValueError: likewise.
    """
    protocol, at = packet[6], _FIXED_6
    for _ in range(_MOST):
        if protocol == _FRAGMENT:
            if int.from_bytes(packet[at + 2 : at + 4]) & _OFFSET_6:
                return None
            length = 8
        elif protocol in _OPTIONS:
            length = (packet[at + 1] + 1) * 8
        elif protocol == _AUTHENTICATION:
            length = (packet[at + 1] + 2) * 4
        else:
            break
        protocol, at = packet[at], at + length
    source, destination = (IPv6Address(packet[start : start + 16]) for start in (8, 24))
    return Carried(str(source), str(destination), packet[7], protocol, packet[at:])
