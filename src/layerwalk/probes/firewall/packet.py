"""A packet as far as rules can see it: each field is known, unknown, or not there at all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from layerwalk.probes.facts import family_of
from layerwalk.probes.firewall.kinds import (
    ADDRESS4,
    ADDRESS6,
    ADDRESS_TYPE,
    ETHER,
    FAMILY,
    PROTOCOL,
    STATE,
    TCP_FLAGS,
)
from layerwalk.probes.firewall.values import WIDEST, Bits, Missing, Span, Spans, Value

_OTHER_TRANSPORTS = frozenset(
    {"udp", "udplite", "icmp", "icmpv6", "sctp", "dccp", "esp", "ah", "comp", "igmp", "arp", "vlan"}
)
SYN = TCP_FLAGS.symbols["syn"]
ACK = TCP_FLAGS.symbols["ack"]
SYN_ACK = SYN | ACK
_CONGESTION = TCP_FLAGS.symbols["ecn"] | TCP_FLAGS.symbols["cwr"]
LOCAL, UNICAST = ADDRESS_TYPE.symbols["local"], ADDRESS_TYPE.symbols["unicast"]
_OUTSIDE = {
    4: Spans((Span(1 << 24, (127 << 24) - 1), Span(128 << 24, (224 << 24) - 1))),
    6: Spans((Span(2, (0xFF << 120) - 1),)),
}
"""What a stranger's address may be: neither unspecified, loopback nor multicast."""


def perhaps_with_ecn(flags: int) -> Bits:
    """Give flags of a packet whose sender may have asked for ECN, or agreed to it (RFC 3168)."""
    return Bits(flags, WIDEST & ~_CONGESTION)


class Tracking(Enum):
    """What connection tracking has made of the packet so far.

    ``BEFORE`` it has met it, and where it finds the packet ``INVALID``, rules see that state and no
    connection; ``UNSURE`` where a rule that can't be decided may have taken it out.
    """

    BEFORE = "before"
    TRACKED = "tracked"
    UNTRACKED = "untracked"
    INVALID = "invalid"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """The two ends of a connection as the packet has them; an empty source is any outside one."""

    source: str
    source_port: int | Span
    destination: str
    destination_port: int | Span

    @property
    def version(self) -> int:
        """The version of IP, 4 or 6."""
        return max(family_of(self.source), family_of(self.destination))

    @property
    def header(self) -> str:
        """What nft calls the header: ``ip`` or ``ip6``."""
        return "ip" if self.version == 4 else "ip6"


@dataclass(frozen=True, kw_only=True)
class Packet:
    """A TCP packet at a hook, its fields by the words of nft (``ip saddr``, ``ct state``)."""

    version: int
    tracking: Tracking = Tracking.BEFORE
    fields: Mapping[str, Value] = field(default_factory=dict)

    def get(self, header: str, name: str) -> Value:
        """Look a field up; one of another protocol is absent, and no rule about it matches."""
        if header in _OTHER_TRANSPORTS or header == ("ip6" if self.version == 4 else "ip"):
            return Missing.ABSENT
        if header == "ct" and self.tracking is not Tracking.TRACKED:
            return self._untracked(name)
        if header == "th":
            header = "tcp"
        return self.fields.get(f"{header} {name}", Missing.UNKNOWN)

    def _untracked(self, name: str) -> Value:
        if self.tracking is Tracking.UNSURE:
            return Missing.UNKNOWN
        if name != "state":
            return Missing.ABSENT
        word = "untracked" if self.tracking is Tracking.UNTRACKED else "invalid"
        return STATE.symbols[word]

    def having(self, changed: Mapping[str, Value]) -> Packet:
        """Return the packet with other values."""
        return replace(self, fields={**self.fields, **changed})

    @property
    def header(self) -> str:
        """What nft calls its IP header."""
        return "ip" if self.version == 4 else "ip6"


def address_of(text: str, version: int) -> Value:
    """Read an address; any outside one where it is empty."""
    if not text:
        return _OUTSIDE[version]
    number = (ADDRESS4 if version == 4 else ADDRESS6).number(text.partition("%")[0])
    return Missing.UNKNOWN if number is None else number


def tcp_packet(ends: Endpoints) -> Packet:
    """Make what all packets of a connection share, going from its source to its destination."""
    header = ends.header
    fields: dict[str, Value] = {
        f"{header} saddr": address_of(ends.source, ends.version),
        f"{header} daddr": address_of(ends.destination, ends.version),
        f"{header} version": ends.version,
        "ip protocol": PROTOCOL.symbols["tcp"],
        "ip6 nexthdr": PROTOCOL.symbols["tcp"],
        "ip hdrlength": 5,
        "ip frag-off": Missing.UNKNOWN,
        "tcp sport": ends.source_port,
        "tcp dport": ends.destination_port,
        "meta l4proto": PROTOCOL.symbols["tcp"],
        "meta nfproto": FAMILY.symbols[f"ipv{ends.version}"],
        "meta protocol": ETHER.symbols[header],
        "ether type": ETHER.symbols[header],
        "meta pkttype": 0,
        "ct zone": 0,
        "ct protocol": PROTOCOL.symbols["tcp"],
        "ct l3proto": FAMILY.symbols[f"ipv{ends.version}"],
        "tcp option maxseg": 1,  # every system names it in the first packets of a connection
        "meta ibrname": Missing.ABSENT,
        "meta obrname": Missing.ABSENT,
    }
    return Packet(version=ends.version, fields=fields)
