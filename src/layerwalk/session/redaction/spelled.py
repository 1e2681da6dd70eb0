"""Addresses as texts spell them: with a zone, a port behind them, backwards, in hexadecimal."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from layerwalk.session.redaction.addresses import Addresses
from layerwalk.session.redaction.patterns import PARTS

_OCTETS = re.compile("[0-9]+")
_V4 = re.compile(PARTS["v4"])
_LARGEST_OCTET = 255


class SpelledAddresses:
    """Writes stand-ins the way in which the addresses were written."""

    def __init__(self) -> None:
        self._addresses = Addresses()

    def v4(self, text: str) -> str:
        """Redact four numbers with dots, leading zeros or not."""
        octets = [int(it) for it in _OCTETS.findall(text)]
        if max(octets) > _LARGEST_OCTET:
            return text
        return str(self._addresses.stand_in_4(IPv4Address(bytes(octets))))

    def dashed(self, text: str) -> str:
        """Redact four numbers with dashes, as providers name their customers' addresses."""
        return self.v4(text.replace("-", ".")).replace(".", "-")

    def v6(self, text: str) -> tuple[str, str]:
        """Redact the address that a text begins with, and give what stands behind it.

        That may be a colon, or a colon and a port: where a shorter address is known, the rest is.
        """
        whole = text if text.endswith("::") else text.rstrip(":")
        shorter = whole.rpartition(":")[0]
        cut = _parsed(shorter)
        if cut is not None and cut in self._addresses.known:
            return self._addresses.stand_in(cut), text[len(shorter) :]
        for tried in (whole, shorter):
            address = _parsed(tried)
            if address is not None:
                return self._addresses.stand_in(address), text[len(tried) :]
        return _V4.sub(lambda found: self.v4(found[0]), text), ""

    def backwards(self, text: str) -> str:
        """Redact an address, or the beginning of one, under in-addr.arpa or ip6.arpa."""
        *labels, zone, top = text.split(".")
        turned = self._backwards_4 if zone.lower() == "in-addr" else self._backwards_6
        return ".".join([*turned(labels), zone, top])

    def hexadecimal(self, text: str) -> str:
        """Redact a number that is a known IPv4 address."""
        address = IPv4Address(int(text, 16))
        if address not in self._addresses.known:
            return text
        return f"0x{int(self._addresses.stand_in_4(address)):08x}"

    def _backwards_4(self, labels: list[str]) -> list[str]:
        octets = [*reversed(labels), "0", "0", "0"][:4]
        return self.v4(".".join(octets)).split(".")[len(labels) - 1 :: -1]

    def _backwards_6(self, labels: list[str]) -> list[str]:
        digits = "".join(reversed(labels)).ljust(32, "0")
        shown = self._addresses.stand_in_6(IPv6Address(int(digits, 16))).exploded
        return list(shown.replace(":", "")[len(labels) - 1 :: -1])


def _parsed(text: str) -> IPv6Address | None:
    try:
        return IPv6Address(text)
    except ValueError:
        return None
