"""Whether addresses were translated on the way, as the packet that an ICMP error quotes shows.

A translator (NAT, RFC 3022) changes the source address, and the transport checksum with it. One
that is thorough also changes back what is quoted, and can't be seen so. A checksum that changed
together with what it covers tells of something else: a clamped MSS, say.
"""

from __future__ import annotations

_SOURCE = {4: slice(12, 16), 6: slice(8, 24)}
_PROTOCOL_AT = {4: 9, 6: 6}
_TCP, _CHECKSUM = 6, slice(16, 18)
_WITH_MSS = 24
"""A quoted TCP header up to and with the first option, which is the MSS."""


def translated(sent: bytes, quote: bytes) -> bool:
    """Compare a packet as it was sent with its quote, which may be short; no quote: it was not."""
    if len(quote) < 20 or len(sent) < 20 or quote[0] >> 4 != sent[0] >> 4:
        return False
    version = sent[0] >> 4
    source = _SOURCE[version]
    if len(quote) >= source.stop and quote[source] != sent[source]:
        return True
    if sent[_PROTOCOL_AT[version]] != _TCP:
        return False
    new, old = _body(quote), _body(sent)
    new, old = new[: len(old)], old[: len(new)]  # what is quoted may be cut off, or filled up
    if len(new) < _WITH_MSS or new[_CHECKSUM] == old[_CHECKSUM]:
        return False
    return _without_sum(new) == _without_sum(old)


def _body(packet: bytes) -> bytes:
    """What stands behind the IP header."""
    return packet[(packet[0] & 0x0F) * 4 :] if packet[0] >> 4 == 4 else packet[40:]


def _without_sum(body: bytes) -> bytes:
    return body[: _CHECKSUM.start] + body[_CHECKSUM.stop :]
