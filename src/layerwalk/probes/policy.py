"""Policy rules and refusing routes: which of them turned a packet away. Pure.

The kernel's answer to a refused look-up is a bare errno (ip-rule(8), ip-route(8)): EINVAL for
blackhole, EACCES for prohibit, EHOSTUNREACH for an unreachable route, and ENETUNREACH for an
unreachable rule, as for no route at all. Here the rules are gone through in their order, with the
refusing routes of the tables that they name, until one fits that errno.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from layerwalk.probes.facts import RouteKind

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_ROUTE_ERRNO = {
    RouteKind.BLACKHOLE: errno.EINVAL,
    RouteKind.PROHIBIT: errno.EACCES,
    RouteKind.UNREACHABLE: errno.EHOSTUNREACH,
}
_RULE_ERRNO = {**_ROUTE_ERRNO, RouteKind.UNREACHABLE: errno.ENETUNREACH}
_TABLES = {253: "default", 254: "main", 255: "local"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A policy rule. ``refusal`` is the kind that it refuses with, if it does.

    ``undecided`` is set where it looks at what is not known here: port, user, tunnel.
    """

    priority: int
    table: int = 0
    refusal: RouteKind | None = None
    goto: int | None = None
    source: Network | None = None
    destination: Network | None = None
    incoming: str = ""
    outgoing: str = ""
    mark: int = 0
    mask: int = 0
    inverted: bool = False
    undecided: bool = False

    def fits(self, packet: Packet) -> bool:
        """Tell whether the rule applies to a packet that this machine itself sends."""
        if self.undecided:
            return False
        return self._selects(packet) is not self.inverted

    def _selects(self, packet: Packet) -> bool:
        return (
            _inside(packet.source, self.source)
            and _inside(packet.destination, self.destination)
            and self.incoming in {"", "lo"}
            and self.outgoing in {"", packet.interface}
            and packet.mark & self.mask == self.mark & self.mask
        )

    @property
    def text(self) -> str:
        """The rule as ip-rule(8) writes it."""
        words = [f"{self.priority}:", "not" if self.inverted else ""]
        words += [f"from {self.source or 'all'}"]
        words += [f"to {self.destination}" if self.destination else ""]
        words += [f"fwmark {self.mark:#x}/{self.mask:#x}" if self.mask else ""]
        words += [f"iif {self.incoming}" if self.incoming else ""]  # codespell:ignore iif
        words += [f"oif {self.outgoing}" if self.outgoing else ""]
        lookup = f"lookup {_TABLES.get(self.table, self.table)}"
        words += [str(self.refusal) if self.refusal else lookup]
        return " ".join(word for word in words if word)


@dataclass(frozen=True, kw_only=True)
class Packet:
    """What policy rules look at: no source stands for one that is not chosen yet."""

    destination: Address
    source: Address | None = None
    interface: str = ""
    mark: int = 0


@dataclass(frozen=True, kw_only=True)
class RefusingRoute:
    """A route that sends nothing anywhere. A ``throw`` (no kind) ends the table's look-up."""

    table: int
    destination: Network
    kind: RouteKind | None
    text: str


def culprit(
    code: int, packet: Packet, rules: Iterable[Rule], routes: Sequence[RefusingRoute]
) -> Rule | RefusingRoute | None:
    """Find the rule or route that a look-up failed by with this errno, if one did."""
    skip_to = 0
    for rule in sorted(rules, key=lambda rule: rule.priority):
        if rule.priority < skip_to or not rule.fits(packet):
            continue
        if rule.goto is not None:
            skip_to = rule.goto
        elif rule.refusal is not None:
            if _RULE_ERRNO[rule.refusal] == code:
                return rule
        elif (route := _best(packet, rule.table, routes)) and _refuses(route, code):
            return route
    return None


def _best(packet: Packet, table: int, routes: Sequence[RefusingRoute]) -> RefusingRoute | None:
    inside = [r for r in routes if r.table == table and _inside(packet.destination, r.destination)]
    return max(inside, key=lambda route: route.destination.prefixlen, default=None)


def _refuses(route: RefusingRoute, code: int) -> bool:
    return route.kind is not None and _ROUTE_ERRNO[route.kind] == code


def _inside(address: Address | None, network: Network | None) -> bool:
    """Tell whether a selector takes an address; an unchosen source fits no selector but ``all``."""
    if network is None:
        return True
    return address is not None and address.version == network.version and address in network
