"""A packet as far as rules can see it: each field is known, unknown, or not there at all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address

from layerwalk.probes.facts import family_of


class Missing(Enum):
    """Why a field has no value."""

    UNKNOWN = "unknown"
    ABSENT = "absent"


@dataclass(frozen=True)
class Span:
    """A number that is only known to lie between two, both included."""

    low: int
    high: int


Value = int | str | frozenset[str] | Span | IPv4Address | IPv6Address | Missing

_OTHER_TRANSPORTS = frozenset(
    {"udp", "udplite", "icmp", "icmpv6", "sctp", "dccp", "esp", "ah", "comp", "igmp", "arp"}
)


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """The two ends of a connection as the packet has them."""

    source: str
    source_port: int | Span
    destination: str
    destination_port: int | Span

    @property
    def reversed(self) -> Endpoints:
        """The same for the answer."""
        return Endpoints(
            source=self.destination,
            source_port=self.destination_port,
            destination=self.source,
            destination_port=self.source_port,
        )


@dataclass(frozen=True, kw_only=True)
class Packet:
    """A TCP packet at a hook, its fields by the words of nft (``ip saddr``, ``ct state``)."""

    version: int
    fields: Mapping[str, Value] = field(default_factory=dict)

    def get(self, header: str, name: str) -> Value:
        """Look a field up; one of another protocol is absent, and no rule about it matches."""
        if header in _OTHER_TRANSPORTS or header == ("ip6" if self.version == 4 else "ip"):
            return Missing.ABSENT
        if header == "th":
            header = "tcp"
        return self.fields.get(f"{header} {name}", Missing.UNKNOWN)

    def with_fields(self, **changed: Value) -> Packet:
        """Return the packet with other values; underscores stand for blanks."""
        named = {name.replace("_", " "): value for name, value in changed.items()}
        return replace(self, fields={**self.fields, **named})

    def forget(self, *names: str) -> Packet:
        """Return the packet with fields that a statement may have rewritten, so unknown now."""
        return replace(self, fields={**self.fields, **dict.fromkeys(names, Missing.UNKNOWN)})


def tcp_packet(
    ends: Endpoints, *, state: str, flags: frozenset[str], devices: tuple[str, str], mark: int = 0
) -> Packet:
    """Make the first packet of a connection, or its answer; ``mark`` is its firewall mark.

    ``devices`` are those that it came in and goes out by, either of them empty.
    """
    version = max(family_of(ends.source), family_of(ends.destination))
    header = "ip" if version == 4 else "ip6"
    fields: dict[str, Value] = {
        f"{header} saddr": _address(ends.source),
        f"{header} daddr": _address(ends.destination),
        f"{header} version": version,
        "ip protocol": "tcp",
        "ip6 nexthdr": "tcp",
        "tcp sport": ends.source_port,
        "tcp dport": ends.destination_port,
        "tcp flags": flags,
        "meta l4proto": "tcp",
        "meta nfproto": f"ipv{version}",
        "meta protocol": header,
        "meta mark": mark,
        "ct state": state,
        "ct direction": "original" if state == "new" else "reply",
        "ct notrack": 0,
        # What kind of address it is to this machine (nft's fib, iptables' addrtype).
        "fib daddr": "local" if devices[0] or "lo" in devices else "unicast",
        "fib saddr": "local" if devices[1] or "lo" in devices else "unicast",
    }
    for letter, device in zip("io", devices, strict=True):
        fields |= {f"meta {letter}if": device, f"meta {letter}ifname": device}
    return Packet(version=version, fields=fields)


def _address(text: str) -> Value:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return Missing.UNKNOWN
