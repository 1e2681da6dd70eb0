"""Named sets and maps, and which of their elements a value meets. Pure.

Elements are sorted once for each kind of value that looks them up, so that a set of a hundred
thousand costs no more than a small one after that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layerwalk.probes.firewall.kinds import Kind
from layerwalk.probes.firewall.values import Tri, Value, all_of, any_of, within

Interval = tuple[int, int]
Term = tuple[Value, Kind]
"""A value of a packet, and what kind it is."""

ANY_ELEMENT = "*"
_NOTHING = (-1, -2)
_GATES = frozenset({"limit", "quota", "ct count", "connlimit"})


@dataclass(frozen=True, eq=False)
class NamedSet:
    """A set or map: its elements as nft's JSON has them, and whether they match only at times."""

    elements: tuple[Any, ...] = ()
    gated: bool = False
    _sorted: dict[int, list[Interval] | None] = field(default_factory=dict)

    def has(self, terms: tuple[Term, ...]) -> Tri:
        """Tell whether values, in the order of a concatenation, are an element."""
        found = self._has(terms)
        return None if found and self.gated else found

    def _has(self, terms: tuple[Term, ...]) -> Tri:
        value, kind = terms[0]
        if len(terms) == 1 and isinstance(value, int):
            intervals = self._intervals(kind)
            if intervals is not None:
                return _inside(value, intervals)
        return any_of(meets(terms, it) for it in self.elements)

    def _intervals(self, kind: Kind) -> list[Interval] | None:
        """Sort the elements by number; ``None`` where some can't be read so."""
        known = id(kind)
        if known not in self._sorted:
            self._sorted[known] = _sorted(self.elements, kind)
        return self._sorted[known]


def is_gated(statements: Any) -> bool:
    """Tell whether a set's own statements let an element match only at times."""
    listed = statements if isinstance(statements, list) else []
    return any(isinstance(it, dict) and not _GATES.isdisjoint(it) for it in listed)


def meets(terms: tuple[Term, ...], element: Any) -> Tri:
    """Tell whether values are this element of a set."""
    if isinstance(element, dict) and "elem" in element:
        element = element["elem"].get("val") if isinstance(element["elem"], dict) else None
    if element == ANY_ELEMENT:
        return True
    if len(terms) == 1:
        return meets_one(*terms[0], element)
    parts = element.get("concat") if isinstance(element, dict) else None
    if not isinstance(parts, list) or len(parts) != len(terms):
        return None
    return all_of(meets_one(*term, part) for term, part in zip(terms, parts, strict=True))


def meets_one(value: Value, kind: Kind, element: Any) -> Tri:
    """Tell whether one value is one element: a number, a name, a prefix or a range."""
    if kind.named:
        return _same_name(value, element)
    bounds = interval_of(element, kind)
    return None if bounds is None else within(value, *bounds)


def interval_of(element: Any, kind: Kind) -> Interval | None:
    """Read a number, prefix or range as its first and last number."""
    if isinstance(element, dict):
        if "prefix" in element:
            return _prefix(element["prefix"], kind)
        if "range" in element:
            return _range(element["range"], kind)
    number = kind.number(element)
    return None if number is None else (number, number)


def _range(bounds: Any, kind: Kind) -> Interval | None:
    if not isinstance(bounds, list) or len(bounds) != 2:  # from, to
        return None
    low, high = (kind.number(bound) for bound in bounds)
    return None if low is None or high is None else (low, high)


def _prefix(prefix: Any, kind: Kind) -> Interval | None:
    if not isinstance(prefix, Mapping):
        return None
    first, length = kind.number(prefix.get("addr")), prefix.get("len")
    width = 128 if ":" in str(prefix.get("addr")) else 32
    if first is None or not isinstance(length, int) or not 0 <= length <= width:
        return None
    rest = (1 << (width - length)) - 1
    # nft writes a masked comparison so, too: with bits beyond the mask, nothing is ever equal.
    return _NOTHING if first & rest else (first, first | rest)


def _same_name(value: Value, element: Any) -> Tri:
    """Compare names of interfaces: an asterisk at the end stands for any ending."""
    if not isinstance(value, str) or not isinstance(element, str):
        return False if isinstance(value, str) and isinstance(element, int) else None
    if element.endswith("\\*"):
        return value == f"{element[:-2]}*"
    return value.startswith(element[:-1]) if element.endswith("*") else value == element


def _sorted(elements: tuple[Any, ...], kind: Kind) -> list[Interval] | None:
    if kind.named:
        return None
    found = []
    for element in elements:
        if isinstance(element, dict) and "elem" in element:
            inner = element["elem"]
            element = inner.get("val") if isinstance(inner, dict) else None  # noqa: PLW2901
        bounds = interval_of(element, kind)
        if bounds is None:
            return None
        found.append(bounds)
    return sorted(found)


def _inside(value: int, intervals: list[Interval]) -> bool:
    """Look a number up in intervals that don't overlap, as the kernel keeps them."""
    at = bisect_right(intervals, (value, 1 << 129)) - 1
    return at >= 0 and intervals[at][1] >= value
