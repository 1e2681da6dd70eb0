"""Whether a match statement takes a packet: yes, no, or unknown (``None``). Pure.

The shapes are those of libnftables-json(5). What is not known there is unknown here.
"""

from __future__ import annotations

from typing import Any

from layerwalk.probes.firewall.membership import Elements, Tri, compare, member, negated, words_of
from layerwalk.probes.firewall.packet import Missing, Packet, Value

_ORDERS = frozenset({"<", ">", "<=", ">="})
_MEMBERSHIP = frozenset({"==", "in", "!="})
_BITWISE = frozenset({"in", "!"})


def matched(match: Any, packet: Packet, elements: Elements) -> Tri:
    """Decide a ``match`` statement."""
    if not isinstance(match, dict):
        return None
    value = value_of(match.get("left"), packet)
    operator, right = str(match.get("op")), match.get("right")
    if is_absent(value):
        return False
    if isinstance(value, frozenset) and operator in _BITWISE:
        return _bits(value, operator, right)
    if operator in _ORDERS and not isinstance(value, tuple):
        return compare(value, operator, right)
    if operator in _MEMBERSHIP:
        inside = member(value, right, elements)
        return negated(inside) if operator == "!=" else inside
    return None


def value_of(expression: Any, packet: Packet) -> Value | tuple[Value, ...]:
    """Work out what stands on the left of a match, or is the key of a map."""
    if not isinstance(expression, dict) or len(expression) != 1:
        return Missing.UNKNOWN
    kind, body = next(iter(expression.items()))
    if kind == "concat" and isinstance(body, list):
        parts = [value_of(part, packet) for part in body]
        return tuple(Missing.UNKNOWN if isinstance(part, tuple) else part for part in parts)
    if kind == "&" and isinstance(body, list) and len(body) == 2:  # what, mask
        return _masked(value_of(body[0], packet), body[1])
    return packet.get(*_field(kind, body))


def _field(kind: str, body: Any) -> tuple[str, str]:
    """Name the field that an expression reads; none that a packet has, where it can't be told."""
    if not isinstance(body, dict):
        return "", ""
    if kind == "payload":
        return str(body.get("protocol")), str(body.get("field"))
    if kind == "fib":
        flags = body.get("flags") if body.get("result") == "type" else None
        return kind, str(flags[0]) if isinstance(flags, list) and len(flags) == 1 else ""
    return (kind, str(body.get("key"))) if kind in {"meta", "ct"} else ("", "")


def is_absent(value: Value | tuple[Value, ...]) -> bool:
    """Tell whether the packet has no such field: then nothing about it matches."""
    return Missing.ABSENT in value if isinstance(value, tuple) else value is Missing.ABSENT


def _masked(value: Value | tuple[Value, ...], mask: Any) -> Value:
    if isinstance(value, int) and isinstance(mask, int):
        return value & mask
    words = words_of(mask)
    if isinstance(value, frozenset) and words is not None:
        return value & words
    return Missing.ABSENT if value is Missing.ABSENT else Missing.UNKNOWN


def _bits(flags: frozenset[str], operator: str, right: Any) -> Tri:
    wanted = words_of(right)
    if wanted is None:
        return None
    return bool(flags & wanted) if operator == "in" else not flags & wanted
