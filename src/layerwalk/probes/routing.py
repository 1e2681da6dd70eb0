"""Questions to the kernel's routing tables, by netlink, and its answers as plain values."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_network
from types import TracebackType
from typing import Self

from layerwalk.probes.facts import RouteKind
from layerwalk.probes.policy import Address, Network, RefusingRoute, Rule
from layerwalk.probes.rtnetlink import RouteMessage, Rtnetlink, RuleMessage
from layerwalk.probes.rtnetlink.ways import (
    GET_ROUTE,
    GET_RULE,
    NextHop,
    Towards,
    of_routes,
    of_rules,
    of_way,
)

# rtnetlink(7): RTN_*
KINDS = {
    RouteKind.UNICAST: 1,
    RouteKind.LOCAL: 2,
    RouteKind.BROADCAST: 3,
    RouteKind.MULTICAST: 5,
    RouteKind.BLACKHOLE: 6,
    RouteKind.UNREACHABLE: 7,
    RouteKind.PROHIBIT: 8,
}
_RTN_THROW = 9
_REFUSING = {
    KINDS[RouteKind.BLACKHOLE]: RouteKind.BLACKHOLE,
    KINDS[RouteKind.UNREACHABLE]: RouteKind.UNREACHABLE,
    KINDS[RouteKind.PROHIBIT]: RouteKind.PROHIBIT,
    _RTN_THROW: None,
}
# linux/fib_rules.h: FR_ACT_*
_ACTION_LOOKUP, _ACTION_GOTO = 1, 2
_RULE_REFUSALS = {
    6: RouteKind.BLACKHOLE,
    7: RouteKind.UNREACHABLE,
    8: RouteKind.PROHIBIT,
}
# linux/rtnetlink.h
_TABLE_NAMES = {253: "default", 255: "local"}
_MAIN_TABLE = 254


class Routing:
    """An open netlink socket of the calling thread's network namespace. ``OSError`` without one.

    ``mark`` is that of the packets that are asked about.
    """

    def __init__(self, mark: int = 0) -> None:
        self._mark = mark
        self._kernel = Rtnetlink(strict=True)

    def __enter__(self) -> Self:
        """Use it as a context: the socket closes behind it."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Close the socket."""
        self._kernel.close()

    def get(
        self, address: Address, *, oif: int = 0, source: Address | None = None, match: bool = False
    ) -> RouteMessage | int:
        """Ask for the route to an address: the kernel's message, or the errno that it gave.

        With ``match`` the answer is the entry of the table, rather than what becomes of it.
        """
        asked = Towards(address, oif=oif, source=source, mark=self._mark, match=match)
        try:
            message = self._kernel.one(GET_ROUTE, of_way(asked))
        except OSError as error:
            return error.errno or errno.EIO
        return RouteMessage(message) if message else errno.ENETUNREACH

    def matched(
        self, address: Address, oif: int, answer: RouteMessage, source: Address | None
    ) -> tuple[int, str]:
        """Return table and text of the entry that an answer came from; no text, no entry."""
        entry = self.get(address, oif=oif, source=source, match=True)
        if isinstance(entry, int):
            return answer.table, ""
        return entry.table, self._text(entry, address.version)

    def refusals(self, address: Address) -> tuple[list[Rule], list[RefusingRoute]]:
        """Read the policy rules, and of the routes those that refuse, of an address's family."""
        version = address.version
        every = map(RuleMessage, self._kernel.every(GET_RULE, of_rules(version)))
        rules = [_rule(message) for message in every]
        routes = [
            self._refusing(message, version)
            for kind in _REFUSING
            for message in map(
                RouteMessage, self._kernel.every(GET_ROUTE, of_routes(version, kind))
            )
            if message.kind == kind
        ]
        return rules, routes

    def name(self, index: int) -> str:
        """Name an interface; empty where there is none with this number."""
        try:
            return socket.if_indextoname(index) if index else ""
        except OSError:
            return ""

    def _refusing(self, message: RouteMessage, version: int) -> RefusingRoute:
        return RefusingRoute(
            table=message.table,
            destination=_network(message.destination, message.length, version),
            kind=_REFUSING[message.kind],
            text=self._text(message, version),
        )

    def _text(self, message: RouteMessage, version: int) -> str:
        """Write a table's entry as ip-route(8) does, as far as it decides anything."""
        kind = next((str(k) for k, number in KINDS.items() if number == message.kind), "throw")
        network = _network(message.destination, message.length, version)
        words = ["" if kind == RouteKind.UNICAST else kind]
        words += ["default" if network.prefixlen == 0 else str(network)]
        for hop in message.hops:
            words += ["nexthop"] if len(message.hops) > 1 else []
            words += self._hop(hop)
        table = message.table
        words += [f"table {_TABLE_NAMES.get(table, table)}" if table != _MAIN_TABLE else ""]
        words += [f"metric {message.metric}" if message.metric else ""]
        return " ".join(word for word in words if word)

    def _hop(self, hop: NextHop) -> list[str]:
        name = self.name(hop.interface)
        other_family = f"via inet6 {hop.via6}" if hop.via6 else ""
        by = f"via {hop.gateway}" if hop.gateway else other_family
        return [by, f"dev {name}" if name else ""]


def _network(address: str, length: int, version: int) -> Network:
    anywhere = "0.0.0.0" if version == 4 else "::"
    return ip_network(f"{address or anywhere}/{length}", strict=False)


def _rule(message: RuleMessage) -> Rule:
    version = 4 if message.family == socket.AF_INET else 6
    source, destination, action = message.source, message.destination, message.action
    known = action in {_ACTION_LOOKUP, _ACTION_GOTO, *_RULE_REFUSALS}
    return Rule(
        priority=message.priority,
        table=message.table,
        refusal=_RULE_REFUSALS.get(action),
        goto=message.goto if action == _ACTION_GOTO else None,
        source=_network(source, message.source_length, version) if source else None,
        destination=(
            _network(destination, message.destination_length, version) if destination else None
        ),
        incoming=message.incoming,
        outgoing=message.outgoing,
        mark=message.mark,
        mask=message.mask,
        inverted=message.inverted,
        undecided=message.selects_otherwise or not known,
    )
