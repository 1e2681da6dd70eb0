"""Messages about ways: routes and the rules that choose among their tables (rtnetlink(7)). Pure.

Formats: linux/rtnetlink.h, linux/fib_rules.h.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from layerwalk.probes.rtnetlink.attributes import Attributes, attribute, numbered, written

GET_ROUTE, GET_RULE = 26, 34  # RTM_GET*
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}

_ROUTE = struct.Struct("=BBBBBBBBI")
_RULE = struct.Struct("=BBBBBxxBI")
_NEXT_HOP = struct.Struct("=HBBi")
_LOOKUP_TABLE, _FIB_MATCH = 0x1000, 0x2000  # RTM_F_*

# RTA_*, with what stands inside them
_DST, _SRC, _OIF, _GATEWAY, _PRIORITY, _PREFSRC, _METRICS, _MULTIPATH = 1, 2, 4, 5, 6, 7, 8, 9
_TABLE, _MARK, _VIA = 15, 16, 18
_RTAX_MTU = 2

# FRA_*
_RULE_DST, _RULE_SRC, _RULE_IN, _RULE_GOTO, _RULE_PRIORITY, _RULE_MARK = 1, 2, 3, 4, 6, 10
_RULE_TABLE, _RULE_MASK, _RULE_OUT = 15, 16, 17
_RULE_OTHERS = (12, 19, 20, 22, 23, 24)
"""FRA_TUN_ID, _L3MDEV, _UID_RANGE, _IP_PROTO, _SPORT_RANGE, _DPORT_RANGE."""

_RULE_INVERT = 0x2


class Towards(NamedTuple):
    """What the way to an address is asked for: leaving by an interface, from a source, a mark.

    With ``match`` the answer is the entry of the table, rather than what becomes of it.
    """

    address: IPv4Address | IPv6Address
    oif: int = 0
    source: IPv4Address | IPv6Address | None = None
    mark: int = 0
    match: bool = False


def of_way(asked: Towards) -> bytes:
    """Ask for the way to an address."""
    address, source = asked.address, asked.source
    # IPv6 names the table unasked, and refuses the flag that asks for it.
    flags = _LOOKUP_TABLE if address.version == 4 else 0
    flags |= _FIB_MATCH if asked.match else 0
    width = address.max_prefixlen
    lengths = width, width if source else 0
    question = _ROUTE.pack(FAMILIES[address.version], *lengths, 0, 0, 0, 0, 0, flags)
    question += attribute(_DST, address.packed)
    question += attribute(_SRC, source.packed) if source else b""
    question += numbered(_OIF, asked.oif) if asked.oif else b""
    return question + (numbered(_MARK, asked.mark) if asked.mark else b"")


def of_routes(version: int, kind: int) -> bytes:
    """Ask for the routes of a family and a kind (RTN_*)."""
    return _ROUTE.pack(FAMILIES[version], 0, 0, 0, 0, 0, 0, kind, 0)


def of_rules(version: int) -> bytes:
    """Ask for the policy rules of a family."""
    return _RULE.pack(FAMILIES[version], 0, 0, 0, 0, 0, 0)


class NextHop:
    """Where a route leads next: by a gateway (``via6``: of the other family), an interface."""

    def __init__(self, told: Attributes, interface: int = 0) -> None:
        self.gateway = told.address(_GATEWAY)
        self.via6 = written(told.raw(_VIA)[2:])
        self.interface = told.number(_OIF) or interface


class RouteMessage:
    """A route. Raises ``struct.error`` where the message is cut off."""

    def __init__(self, message: bytes) -> None:
        _, self.length, _, _, table, _, _, self.kind, _ = _ROUTE.unpack_from(message)
        told = Attributes(message[_ROUTE.size :])
        self.table = told.number(_TABLE) or table
        self.destination = told.address(_DST)
        self.source = told.address(_PREFSRC)
        self.metric = told.number(_PRIORITY) or 0
        self.mtu = told.inside(_METRICS).number(_RTAX_MTU) or 0
        self.hop = NextHop(told)
        self.hops = tuple(_next_hops(told.raw(_MULTIPATH))) or (self.hop,)


def _next_hops(data: bytes) -> Iterator[NextHop]:
    """Take apart what RTA_MULTIPATH holds (struct rtnexthop)."""
    while len(data) >= _NEXT_HOP.size:
        size, _, _, interface = _NEXT_HOP.unpack_from(data)
        if not _NEXT_HOP.size <= size <= len(data):
            return
        yield NextHop(Attributes(data[_NEXT_HOP.size : size]), interface)
        data = data[size + 3 & ~3 :]


class RuleMessage:
    """A policy rule. Raises ``struct.error`` where the message is cut off."""

    def __init__(self, message: bytes) -> None:
        head = _RULE.unpack_from(message)
        self.family, self.destination_length, self.source_length, _, table, self.action, flags = (
            head
        )
        told = Attributes(message[_RULE.size :])
        self.inverted = bool(flags & _RULE_INVERT)
        self.table = told.number(_RULE_TABLE) or table
        self.priority = told.number(_RULE_PRIORITY) or 0
        self.goto = told.number(_RULE_GOTO)
        self.destination, self.source = told.address(_RULE_DST), told.address(_RULE_SRC)
        self.incoming, self.outgoing = told.text(_RULE_IN), told.text(_RULE_OUT)
        self.mark, self.mask = told.number(_RULE_MARK) or 0, told.number(_RULE_MASK) or 0
        self.selects_otherwise = any(kind in told for kind in _RULE_OTHERS)
        """By something that is not looked at here."""
