"""Stand-ins for IPv4 and IPv6 addresses: networks and hosts numbered as they come."""

from __future__ import annotations

from collections import defaultdict
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from layerwalk.session.redaction.numbering import Numbering

Address = IPv4Address | IPv6Address

STAND_INS_4 = IPv4Network("0.0.0.0/8")
STAND_INS_6 = IPv6Network("3fff::/20")

_MASKS = IPv4Network("255.0.0.0/8")
_NAT64 = IPv6Network("64:ff9b::/96")
_SOLICITED = IPv6Network("ff02::1:ff00:0/104")
_ORDINARY = (0, 10)
_KINDS_4 = (
    (IPv4Network("10.0.0.0/8"), (10, 100)),
    (IPv4Network("172.16.0.0/12"), (10, 100)),
    (IPv4Network("192.168.0.0/16"), (10, 100)),
    (IPv4Network("100.64.0.0/10"), (100, 169)),
    (IPv4Network("169.254.0.0/16"), (169, 256)),
)
_SPANS = (_ORDINARY, (10, 100), (100, 169), (169, 256))
_KINDS_6 = ((IPv6Network("fc00::/7"), 0xFD0), (IPv6Network("fe80::/10"), 0xFE8))
_LAST_HOST = 254
_HOST_BITS = (1 << 64) - 1


class Addresses:
    """The stand-ins of one report: ``0.0.NETWORK.HOST`` and ``3fff:KIND:NETWORK::HOST``.

    A host part of zeros (or, in IPv4, 255) stays, as it means the network (or its broadcast).
    With more than 2,560 ordinary IPv4 networks the last ones share a stand-in.
    """

    def __init__(self) -> None:
        self._networks: defaultdict[int, Numbering] = defaultdict(Numbering)
        self._hosts: defaultdict[tuple[int, int], Numbering] = defaultdict(Numbering)
        self.known: set[Address] = set()

    def stand_in(self, address: Address) -> str:
        """Write the stand-in of an address, or itself where it tells nothing."""
        if isinstance(address, IPv4Address):
            return str(self.stand_in_4(address))
        if address.ipv4_mapped is not None:
            return f"::ffff:{self.stand_in_4(address.ipv4_mapped)}"
        if address in _NAT64:
            return f"64:ff9b::{self.stand_in_4(IPv4Address(int(address) & 0xFFFFFFFF))}"
        return str(self.stand_in_6(address))

    def stand_in_4(self, address: IPv4Address) -> IPv4Address:
        """The stand-in of an IPv4 address."""
        if address in STAND_INS_4:
            self._keep_4(address)
        if _tells_nothing_4(address):
            return address
        self.known.add(address)
        network, host = divmod(int(address), 256)
        first, end = next((span for its, span in _KINDS_4 if address in its), _ORDINARY)
        number = min(self._networks[first].of(network), (end - first) * 256 - 1)
        if 0 < host < 255:  # noqa: PLR2004 - the host part of a broadcast address
            host = min(self._hosts[first, number].of(host), _LAST_HOST)
        return IPv4Address((first << 16) + number * 256 + host)

    def stand_in_6(self, address: IPv6Address) -> IPv6Address:
        """The stand-in of an IPv6 address (without its zone)."""
        address = IPv6Address(int(address))
        if address in STAND_INS_6:
            self._keep_6(address)
            return address
        if address in _SOLICITED:  # the end of a true address is in it (RFC 4291 2.7.1)
            return _SOLICITED.network_address
        if address.is_loopback or address.is_unspecified or address.is_multicast:
            return address
        self.known.add(address)
        kind = next((kind for its, kind in _KINDS_6 if address in its), 0)
        network, host = int(address) >> 64, int(address) & _HOST_BITS
        number = self._networks[-1 - kind].of(network)
        host = host and self._hosts[-1 - kind, number].of(host)
        words = (0x3FFF, kind, number & 0xFFFF, number >> 16 & 0xFFFF)
        return IPv6Address(sum(word << 112 - 16 * n for n, word in enumerate(words)) + host)

    def _keep_4(self, address: IPv4Address) -> None:
        """Pass over the numbers of a stand-in that is there already."""
        first = next(first for first, end in _SPANS if first <= int(address) >> 16 < end)
        number, host = divmod(int(address) - (first << 16), 256)
        self._networks[first].keep(number)
        self._hosts[first, number].keep(host)

    def _keep_6(self, address: IPv6Address) -> None:
        """Likewise, of IPv6."""
        _, kind, low, high = (int(address) >> 112 - 16 * n & 0xFFFF for n in range(4))
        number = high << 16 | low
        self._networks[-1 - kind].keep(number)
        self._hosts[-1 - kind, number].keep(int(address) & _HOST_BITS)


def _tells_nothing_4(address: IPv4Address) -> bool:
    return (
        address in STAND_INS_4 or address.is_loopback or address.is_multicast or address in _MASKS
    )
