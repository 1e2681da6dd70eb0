"""TCP segments and UDP datagrams as they leave or come in, whoever has sent them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address

from layerwalk.probes.wire.checksum import folded, pseudo_header
from layerwalk.probes.wire.identity import Identity

_NUMBERS = {"tcp": 6, "udp": 17}
_NAMES = {number: name for name, number in _NUMBERS.items()}
_CHECKSUM_AT = {"tcp": 16, "udp": 6}
_FIXED = 20
_FLAGS = {0x02: "SYN", 0x01: "FIN", 0x04: "RST", 0x10: "ACK"}
_MODULUS = 1 << 32


@dataclass(frozen=True)
class Segment:
    """A packet of either transport, whole (``data``) and from its transport header on."""

    data: bytes
    protocol: str
    source: bytes
    destination: bytes
    body: bytes

    @property
    def ports(self) -> tuple[int, int]:
        """The source port and the destination port."""
        return int.from_bytes(self.body[:2]), int.from_bytes(self.body[2:4])

    @property
    def mark(self) -> tuple[bytes, bytes]:
        """What no two packets of ours share: the destination, and the header with its number.

        Neither a firewall that changes the IP header nor a checksum that the card has yet to work
        out makes another one of it.
        """
        at = _CHECKSUM_AT[self.protocol]
        return self.destination, self.body[:at] + self.body[at + 2 : _FIXED]

    @property
    def before(self) -> Identity:
        """The identity of the packet of ours that this one would follow, by its number."""
        number = (int.from_bytes(self.body[4:8]) - 1) % _MODULUS
        return Identity(self.protocol, str(ip_address(self.destination)), *self.ports, number)

    @property
    def word(self) -> str:
        """What it is, in a word: the flags of TCP, or ``datagram``."""
        if self.protocol == "udp":
            return "datagram"
        return "-".join(name for flag, name in _FLAGS.items() if self.body[13] & flag)

    def completed(self) -> Segment:
        """The same with the checksum that the network card puts in as it leaves."""
        at = _CHECKSUM_AT[self.protocol]
        blank = self.body[:at] + b"\0\0" + self.body[at + 2 :]
        pseudo = pseudo_header(self.source, self.destination, _NUMBERS[self.protocol], len(blank))
        total = ~folded(pseudo + blank) & 0xFFFF
        if self.protocol == "udp":  # where zero means that there is none
            total = total or 0xFFFF
        body = blank[:at] + total.to_bytes(2) + blank[at + 2 :]
        return replace(self, data=self.data[: -len(body)] + body, body=body)


def segment_of(data: bytes) -> Segment | None:
    """Read a packet from its IP header on; ``None`` where it is no whole one of TCP or UDP."""
    if len(data) < _FIXED:
        return None
    four = data[0] >> 4 == 4
    start = (data[0] & 0x0F) * 4 if four else 40
    protocol = _NAMES.get(data[9 if four else 6])
    body = data[start:]
    if protocol is None or len(body) < (_FIXED if protocol == "tcp" else 8):
        return None
    source, destination = (data[12:16], data[16:20]) if four else (data[8:24], data[24:40])
    return Segment(data, protocol, source, destination, body)
