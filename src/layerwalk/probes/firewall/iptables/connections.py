"""iptables' words for the states of connections and the types of addresses. Pure."""

from __future__ import annotations

from layerwalk.probes.firewall.iptables.shapes import UNREAD, Statement, ct, match, meta

_STATUSES = frozenset({"snat", "dnat"})
_OWN = frozenset({"local", "prohibit", "unreachable", "anycast"})


def states(words: list[str], operator: str) -> Statement:
    """Match states of a connection, or that it is translated (``SNAT``, ``DNAT``)."""
    plain = [word for word in words if word not in _STATUSES]
    turned = [word for word in words if word in _STATUSES]
    sides = [match(ct("state"), "in", plain)["match"]] if plain else []
    if turned:
        sides.append(match(ct("status"), "in", turned)["match"])
    return {"any of": {"matches": sides, "op": operator}}


def address_types(end: str, value: str, operator: str, family: str) -> list[Statement]:
    """Match what kind of address it is to this machine.

    For IPv6 the kernel takes every address that is no multicast one as unicast, and asks the
    routing table about the others only (net/netfilter/xt_addrtype.c).
    """
    words = value.lower().split(",")
    left = {"fib": {"result": "type", "flags": [end]}}
    if family == "ip6":
        if not set(words) <= _OWN | {"unicast"}:
            return [UNREAD] if operator == "!=" or "multicast" not in words else [_no_match()]
        words = [word for word in words if word != "unicast"]
        if not words:
            return [] if operator == "==" else [_no_match()]
    return [match(left, operator, {"set": words})]


def _no_match() -> Statement:
    return match(meta("l4proto"), "==", 17)  # our packets are all TCP
