"""Questions to the kernel's routing tables, by netlink, and its answers as plain values."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_network
from types import TracebackType
from typing import Any, Self

from layerwalk.probes.facts import RouteKind
from layerwalk.probes.policy import Address, Network, RefusingRoute, Rule

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
_RULE_INVERT = 0x2
_UNKNOWN_SELECTORS = (
    "FRA_IP_PROTO",
    "FRA_SPORT_RANGE",
    "FRA_DPORT_RANGE",
    "FRA_UID_RANGE",
    "FRA_TUN_ID",
    "FRA_L3MDEV",
)
# linux/rtnetlink.h
_RTM_F_LOOKUP_TABLE, _RTM_F_FIB_MATCH = 0x1000, 0x2000
_TABLE_NAMES = {253: "default", 255: "local"}
_MAIN_TABLE = 254
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_WIDTHS = {4: 32, 6: 128}


class Routing:
    """An open netlink socket of the calling thread's network namespace. ``OSError`` without one.

    ``mark`` is that of the packets that are asked about.
    """

    def __init__(self, mark: int = 0) -> None:
        # Late: loading pyroute2 takes longer than all that is asked of it.
        from pyroute2 import IPRoute
        from pyroute2.netlink.exceptions import NetlinkError

        self._mark = mark
        self._netlink = IPRoute(strict_check=True)
        self._error: type[Exception] = NetlinkError

    def __enter__(self) -> Self:
        """Use it as a context: the socket closes behind it."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Close the socket."""
        self._netlink.close()

    def get(
        self, address: Address, *, oif: int = 0, source: Address | None = None, match: bool = False
    ) -> Any | int:
        """Ask for the route to an address: the kernel's message, or the errno that it gave.

        With ``match`` the answer is the entry of the table, rather than what becomes of it.
        """
        question: dict[str, Any] = {"family": FAMILIES[address.version], "dst": str(address)}
        # IPv6 names the table unasked, and refuses the flag that asks for it.
        question["flags"] = _RTM_F_LOOKUP_TABLE if address.version == 4 else 0
        question["flags"] |= _RTM_F_FIB_MATCH if match else 0
        if self._mark:
            question["mark"] = self._mark
        if oif:
            question["oif"] = oif
        if source is not None:
            question |= {"src": str(source), "src_len": _WIDTHS[address.version]}
        try:
            return next(iter(self._netlink.route("get", **question)), errno.ENETUNREACH)
        except self._error as error:
            return int(getattr(error, "code", 0)) or errno.EIO

    def matched(
        self, address: Address, oif: int, answer: Any, source: Address | None
    ) -> tuple[int, str]:
        """Return table and text of the entry that an answer came from; no text, no entry."""
        entry = self.get(address, oif=oif, source=source, match=True)
        if isinstance(entry, int):
            return answer.get_attr("RTA_TABLE") or answer["table"], ""
        return entry.get_attr("RTA_TABLE") or entry["table"], self._text(entry, address.version)

    def refusals(self, address: Address) -> tuple[list[Rule], list[RefusingRoute]]:
        """Read the policy rules, and of the routes those that refuse, of an address's family."""
        family = FAMILIES[address.version]
        rules = [_rule(message) for message in self._netlink.get_rules(family=family)]
        routes = [
            self._refusing(message, address.version)
            for kind in _REFUSING
            for message in self._netlink.get_routes(family=family, type=kind)
            if message["type"] == kind
        ]
        return rules, routes

    def name(self, index: int) -> str:
        """Name an interface; empty where there is none with this number."""
        try:
            return socket.if_indextoname(index) if index else ""
        except OSError:
            return ""

    def _refusing(self, message: Any, version: int) -> RefusingRoute:
        return RefusingRoute(
            table=message.get_attr("RTA_TABLE") or message["table"],
            destination=_network(message.get_attr("RTA_DST"), message["dst_len"], version),
            kind=_REFUSING[message["type"]],
            text=self._text(message, version),
        )

    def _text(self, message: Any, version: int) -> str:
        """Write a table's entry as ip-route(8) does, as far as it decides anything."""
        kind = next((str(k) for k, number in KINDS.items() if number == message["type"]), "throw")
        network = _network(message.get_attr("RTA_DST"), message["dst_len"], version)
        words = ["" if kind == RouteKind.UNICAST else kind]
        words += ["default" if network.prefixlen == 0 else str(network)]
        hops = message.get_attr("RTA_MULTIPATH") or [message]
        for hop in hops:
            words += ["nexthop"] if len(hops) > 1 else []
            words += self._hop(hop)
        table = message.get_attr("RTA_TABLE") or message["table"]
        words += [f"table {_TABLE_NAMES.get(table, table)}" if table != _MAIN_TABLE else ""]
        metric = message.get_attr("RTA_PRIORITY")
        words += [f"metric {metric}" if metric else ""]
        return " ".join(word for word in words if word)

    def _hop(self, hop: Any) -> list[str]:
        via = hop.get_attr("RTA_VIA")
        gateway = hop.get_attr("RTA_GATEWAY")
        name = self.name(hop.get_attr("RTA_OIF") or dict(hop).get("oif") or 0)
        other_family = f"via inet6 {via['addr']}" if via else ""
        return [f"via {gateway}" if gateway else other_family, f"dev {name}" if name else ""]


def _network(address: str | None, length: int, version: int) -> Network:
    anywhere = "0.0.0.0" if version == 4 else "::"
    return ip_network(f"{address or anywhere}/{length}", strict=False)


def _rule(message: Any) -> Rule:
    version = 4 if message["family"] == socket.AF_INET else 6
    source, destination = message.get_attr("FRA_SRC"), message.get_attr("FRA_DST")
    action = message["action"]
    known = action in {_ACTION_LOOKUP, _ACTION_GOTO, *_RULE_REFUSALS}
    selectors = any(message.get_attr(name) is not None for name in _UNKNOWN_SELECTORS)
    mark = message.get_attr("FRA_FWMARK") or 0
    return Rule(
        priority=message.get_attr("FRA_PRIORITY") or 0,
        table=message.get_attr("FRA_TABLE") or message["table"],
        refusal=_RULE_REFUSALS.get(action),
        goto=message.get_attr("FRA_GOTO") if action == _ACTION_GOTO else None,
        source=_network(source, message["src_len"], version) if source else None,
        destination=_network(destination, message["dst_len"], version) if destination else None,
        incoming=message.get_attr("FRA_IIFNAME") or "",
        outgoing=message.get_attr("FRA_OIFNAME") or "",
        mark=mark,
        mask=message.get_attr("FRA_FWMASK") or 0,
        inverted=bool(message["flags"] & _RULE_INVERT),
        undecided=selectors or not known,
    )
