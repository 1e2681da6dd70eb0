"""Whether a match statement takes a packet: yes, no, or unknown (``None``). Pure.

The shapes are those of libnftables-json(5). What is not known there is unknown here.
"""

from __future__ import annotations

from typing import Any

from layerwalk.probes.firewall.membership import Elements, Tri, compare, member, negated
from layerwalk.probes.firewall.packet import Missing, Packet, Value

_ORDERS = frozenset({"<", ">", "<=", ">="})


def matched(match: Any, packet: Packet, elements: Elements) -> Tri:
    """Decide a ``match`` statement."""
    if not isinstance(match, dict):
        return None
    value = value_of(match.get("left"), packet)
    operator, right = match.get("op"), match.get("right")
    if _missing(value, Missing.ABSENT):
        return False
    if isinstance(value, frozenset):
        return _flags_match(value, operator, right)
    if operator in {"==", "in"}:
        return member(value, right, elements)
    if operator == "!=":
        return negated(member(value, right, elements))
    if operator in _ORDERS and not isinstance(value, tuple):
        return compare(value, str(operator), right)
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
    if kind in {"meta", "ct", "payload"} and isinstance(body, dict):
        header = str(body.get("protocol")) if kind == "payload" else kind
        name = body.get("field") if kind == "payload" else body.get("key")
        return packet.get(header, str(name))
    return Missing.UNKNOWN


def _missing(value: Value | tuple[Value, ...], why: Missing) -> bool:
    return why in value if isinstance(value, tuple) else value is why


def _masked(value: Value | tuple[Value, ...], mask: Any) -> Value:
    if isinstance(value, int) and isinstance(mask, int):
        return value & mask
    words = _words(mask)
    if isinstance(value, frozenset) and words is not None:
        return value & words
    return Missing.ABSENT if value is Missing.ABSENT else Missing.UNKNOWN


def _flags_match(flags: frozenset[str], operator: Any, right: Any) -> Tri:
    if isinstance(right, dict) and isinstance(right.get("set"), list):
        inside = any(_words(it) == flags for it in right["set"])
        return {"==": inside, "!=": not inside}.get(str(operator))
    wanted = frozenset() if right == 0 else _words(right)
    if wanted is None:
        return None
    answers = {
        "==": flags == wanted,
        "!=": flags != wanted,
        "in": bool(flags & wanted),
        "!": not flags & wanted,
    }
    return answers.get(str(operator))


def _words(mask: Any) -> frozenset[str] | None:
    """Read a set of flags: a word, a list of words, or words joined by ``|``."""
    if isinstance(mask, dict) and len(mask) == 1:
        mask = mask.get("|")
    listed = mask if isinstance(mask, list) else [mask]
    flat = [word for it in listed for word in (it if isinstance(it, list) else [it])]
    return frozenset(flat) if all(isinstance(word, str) for word in flat) else None
