"""What an expression of a rule reads from a packet: a value, as far as it is known. Pure.

The shapes are those of libnftables-json(5). What is not known there is unknown here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from layerwalk.probes.firewall.elements import NamedSet, Term, meets
from layerwalk.probes.firewall.kinds import ADDRESS_TYPE, KINDS, NAME, NUMBER, Kind
from layerwalk.probes.firewall.packet import Packet
from layerwalk.probes.firewall.ruleset import Place, Ruleset
from layerwalk.probes.firewall.values import Missing, Span, Value, combined

_BITWISE = frozenset({"&", "|", "^"})
_UNKNOWN: Term = (Missing.UNKNOWN, NUMBER)


class Scene(NamedTuple):
    """What a statement is looked at with: the packet, and the sets of the rule's table.

    ``touched`` are sets that rules on the way have added to or taken from.
    """

    packet: Packet
    ruleset: Ruleset
    place: Place
    touched: frozenset[str] = frozenset()

    def set_of(self, name: str) -> NamedSet | None:
        """Find a named set; ``None`` where there is none, or its elements are not known."""
        if name in self.touched:
            return None
        return self.ruleset.sets.get((*self.place[:2], name))


def terms_of(expression: Any, scene: Scene) -> tuple[Term, ...]:
    """Read an expression; more than one value where it is a concatenation."""
    parts = expression.get("concat") if isinstance(expression, dict) else None
    if isinstance(parts, list) and parts:
        return tuple(term_of(part, scene) for part in parts)
    return (term_of(expression, scene),)


def term_of(expression: Any, scene: Scene) -> Term:
    """Read an expression that is one value."""
    if not isinstance(expression, dict) or len(expression) != 1:
        return _UNKNOWN
    kind, body = next(iter(expression.items()))
    if kind in _BITWISE and isinstance(body, list) and len(body) == 2:
        return _bitwise(kind, body, scene)
    return _compound(kind, body, scene) if isinstance(body, dict) else _UNKNOWN


def _compound(kind: str, body: dict[str, Any], scene: Scene) -> Term:
    if kind == "fib":
        return _fib(body, scene.packet)
    if kind == "numgen":
        return _numbered(body), NUMBER
    if kind == "map":
        return mapped(body, NUMBER, scene), NUMBER
    return _field(kind, body, scene.packet)


def number_of(expression: Any, kind: Kind, scene: Scene) -> Value:
    """Read what is to be stored or compared with: a literal, or an expression."""
    if isinstance(expression, dict) and "|" not in expression:
        if "map" in expression:
            return mapped(expression["map"], kind, scene)
        return term_of(expression, scene)[0]
    number = kind.number(expression)
    if number is None and isinstance(expression, dict):
        return term_of(expression, scene)[0]
    return Missing.UNKNOWN if number is None else number


def mapped(body: Any, kind: Kind, scene: Scene) -> Value:
    """Look a value up in a map; absent where the map has no such key (nft(8), "Maps")."""
    found = datum_of(body, scene)
    if isinstance(found, Missing):
        return found
    number = kind.number(found)
    return Missing.UNKNOWN if number is None else number


def datum_of(body: Any, scene: Scene) -> Any:
    """Look an expression's value up in a map, and give the datum as it is written there."""
    pairs = pairs_of(body.get("data"), scene) if isinstance(body, dict) else None
    if pairs is None:
        return Missing.UNKNOWN
    terms = terms_of(body.get("key"), scene)
    if is_absent(terms):
        return Missing.ABSENT
    for key, datum in pairs:
        answer = meets(terms, key)
        if answer is None:
            return Missing.UNKNOWN
        if answer:
            return datum
    return Missing.ABSENT


def pairs_of(data: Any, scene: Scene) -> list[tuple[Any, Any]] | None:
    """Give a map's keys and data, the one that takes all else last; ``None`` where unknown."""
    if isinstance(data, str):
        named = scene.set_of(data.removeprefix("@"))
        listed: Any = named.elements if named else None
    else:
        listed = data.get("set") if isinstance(data, dict) else None
    if not isinstance(listed, list | tuple):
        return None
    pairs = [(it[0], it[1]) for it in listed if isinstance(it, list) and len(it) == 2]
    return sorted(pairs, key=lambda pair: pair[0] == "*")


def is_absent(terms: tuple[Term, ...]) -> bool:
    """Tell whether the packet has no such field: then nothing about it matches."""
    return any(value is Missing.ABSENT for value, _ in terms)


def _bitwise(operator: str, sides: list[Any], scene: Scene) -> Term:
    """Work out an operation on bits; what stands right has the left one's words."""
    value, kind = term_of(sides[0], scene)
    other = number_of(sides[1], kind, scene)
    return combined(operator, value, other), kind


def _numbered(body: dict[str, Any]) -> Value:
    modulus, offset = body.get("mod"), body.get("offset", 0)
    if isinstance(modulus, int) and isinstance(offset, int) and modulus > 0:
        return Span(offset, offset + modulus - 1)
    return Missing.UNKNOWN


def _fib(body: dict[str, Any], packet: Packet) -> Term:
    """Read what the routing table would say of an address (nft(8), "FIB expressions")."""
    flags = body.get("flags")
    names = [str(it) for it in flags] if isinstance(flags, list) else [str(flags)]
    if body.get("result") == "type":
        name = names[0] if len(names) == 1 else ""
        return packet.get("fib", name), ADDRESS_TYPE
    if {"saddr", "iif"} <= set(names):
        return packet.get("fib", "reverse"), NAME
    return Missing.UNKNOWN, NAME


def _field(kind: str, body: dict[str, Any], packet: Packet) -> Term:
    if kind == "payload":
        header, name = str(body.get("protocol")), str(body.get("field"))
        return packet.get(header, name), KINDS.get(f"{header} {name}", NUMBER)
    if kind in {"meta", "ct"}:
        return _looked_up(kind, body, packet)
    if kind in {"exthdr", "ip option"}:  # our packets have neither
        return (Missing.ABSENT if "field" in body else 0), NUMBER
    if kind == "tcp option":
        words = [str(body[it]) for it in ("name", "field") if it in body]
        return packet.get(kind, " ".join(words)), NUMBER
    return _UNKNOWN


def _looked_up(kind: str, body: dict[str, Any], packet: Packet) -> Term:
    name = str(body.get("key"))
    if "dir" in body:
        name = f"{packet.header} {name}" if name in {"saddr", "daddr"} else name
        if name.startswith(("ip ", "ip6 ")) and not name.startswith(f"{packet.header} "):
            return Missing.ABSENT, NUMBER
        name = f"{body['dir']} {name}"
        return packet.get(kind, name), KINDS.get(name, NUMBER)
    return packet.get(kind, name), KINDS.get(f"{kind} {name}", NUMBER)
