"""The shapes that rules of iptables are put into: nft's own (libnftables-json(5)). Pure."""

from __future__ import annotations

from typing import Any

Statement = dict[str, Any]

UNREAD: Statement = {"unread": None}
"""A match that has no counterpart here."""

_PORT_MOST = 65535


def match(left: Any, operator: str, right: Any) -> Statement:
    """Compare what stands left with what stands right."""
    return {"match": {"op": operator, "left": left, "right": right}}


def meta(key: str) -> Statement:
    """Read what is known of a packet besides its bytes."""
    return {"meta": {"key": key}}


def ct(key: str) -> Statement:
    """Read what is known of a packet's connection."""
    return {"ct": {"key": key}}


def field(header: str, name: str) -> Statement:
    """Read a field of a header."""
    return {"payload": {"protocol": header, "field": name}}


def number(word: str) -> int:
    """Read a number, decimal or hexadecimal. ``ValueError`` where it is none."""
    return int(word, 0)


def span(word: str) -> Any:
    """Read a port, or two with a colon between, either of which may be left out."""
    low, colon, high = word.partition(":")
    if not colon:
        return number(low)
    return {"range": [number(low or "0"), number(high or str(_PORT_MOST))]}
