"""Whether a value is one of those that a rule names: yes, no, or unknown (``None``). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from layerwalk.probes.firewall.packet import Span, Value

Tri = bool | None
Elements = Callable[[str], Iterable[Any] | None]
"""Gives the elements of a named set; ``None`` where there is no such set."""

_PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmpv6", 2: "ipv4", 10: "ipv6"}


def negated(answer: Tri) -> Tri:
    """Turn yes and no round; unknown stays."""
    return None if answer is None else not answer


def any_of(answers: Iterable[Tri]) -> Tri:
    """Or, with unknowns."""
    known = list(answers)
    return True if True in known else None if None in known else False


def all_of(answers: Iterable[Tri]) -> Tri:
    """And, with unknowns."""
    return negated(any_of(negated(answer) for answer in answers))


def member(value: Value | tuple[Value, ...], right: Any, elements: Elements) -> Tri:
    """Tell whether a value is (in) what stands on the right of a match."""
    if isinstance(right, str) and right.startswith("@"):
        named = elements(right[1:])
        return None if named is None else any_of(member(value, it, elements) for it in named)
    if isinstance(right, dict):
        return _in_compound(value, right, elements)
    if isinstance(value, frozenset):
        return value == words_of(right)
    if isinstance(right, list):
        return any_of(member(value, it, elements) for it in right)
    return None if isinstance(value, tuple) else _equal(value, right)


def words_of(flags: Any) -> frozenset[str] | None:
    """Read a set of flags: a word, a list of words, words joined by ``|``, or 0."""
    if isinstance(flags, dict) and len(flags) == 1:
        flags = flags.get("|")
    listed = flags if isinstance(flags, list) else [] if flags == 0 else [flags]
    flat = [word for it in listed for word in (it if isinstance(it, list) else [it])]
    return frozenset(flat) if all(isinstance(word, str) for word in flat) else None


def compare(value: Value, operator: str, right: Any) -> Tri:
    """Compare by order: ``<``, ``>``, ``<=`` or ``>=``."""
    low, high = _ordered(value), _ordered(value, upper=True)
    bound = _as_like(value, right)
    if low is None or high is None or not isinstance(bound, int):
        return None
    certain, possible = {
        "<": (high < bound, low < bound),
        "<=": (high <= bound, low <= bound),
        ">": (low > bound, high > bound),
        ">=": (low >= bound, high >= bound),
    }[operator]
    return True if certain else None if possible else False


def _in_compound(
    value: Value | tuple[Value, ...], right: dict[str, Any], elements: Elements
) -> Tri:
    if "elem" in right:
        inner = right["elem"]
        return member(value, inner.get("val") if isinstance(inner, dict) else inner, elements)
    if isinstance(right.get("set"), list):
        return any_of(member(value, it, elements) for it in right["set"])
    if "concat" in right and isinstance(value, tuple) and isinstance(right["concat"], list):
        pairs = zip(value, right["concat"], strict=False)
        same = len(value) == len(right["concat"])
        return all_of(member(part, it, elements) for part, it in pairs) if same else None
    if isinstance(value, tuple):
        return None
    if "range" in right:
        return _in_range(value, right["range"])
    return _in_prefix(value, right["prefix"]) if "prefix" in right else None


def _in_range(value: Value, bounds: Any) -> Tri:
    if not isinstance(bounds, list) or len(bounds) != 2:  # from, to
        return None
    return all_of((compare(value, ">=", bounds[0]), compare(value, "<=", bounds[1])))


def _in_prefix(value: Value, prefix: Any) -> Tri:
    if not isinstance(value, IPv4Address | IPv6Address) or not isinstance(prefix, dict):
        return None
    try:
        network = ip_network(f"{prefix.get('addr')}/{prefix.get('len')}", strict=False)
    except ValueError:
        return None
    return value in network


def _equal(value: Value, right: Any) -> Tri:
    if right == "*":
        return True
    if isinstance(value, str):
        return _same_word(value, right)
    if isinstance(value, IPv4Address | IPv6Address):
        wanted = _address(right)
        return None if wanted is None else wanted == value
    if isinstance(value, Span):
        return all_of((compare(value, ">=", right), compare(value, "<=", right)))
    return value == right if isinstance(value, int) and isinstance(right, int) else None


def _same_word(value: str, right: Any) -> Tri:
    if isinstance(right, int):
        return _PROTOCOLS[right] == value if right in _PROTOCOLS else None
    if not isinstance(right, str):
        return None
    return value.startswith(right[:-1]) if right.endswith("*") else value == right


def _as_like(value: Value, right: Any) -> int | None:
    """Read a bound as a number of the same kind as the value."""
    if isinstance(value, IPv4Address | IPv6Address):
        wanted = _address(right)
        return int(wanted) if wanted is not None and wanted.version == value.version else None
    return right if isinstance(right, int) else None


def _address(text: Any) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _ordered(value: Value, *, upper: bool = False) -> int | None:
    if isinstance(value, Span):
        return value.high if upper else value.low
    return int(value) if isinstance(value, int | IPv4Address | IPv6Address) else None
