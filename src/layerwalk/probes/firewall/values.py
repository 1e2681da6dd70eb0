"""Values as far as they are known, and the three answers about them: yes, no, unknown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

Tri = bool | None
"""Yes, no, or unknown (``None``)."""

WIDEST = (1 << 128) - 1
"""All bits: no field is wider than an IPv6 address."""


class Missing(Enum):
    """Why a field has no value."""

    UNKNOWN = "unknown"
    ABSENT = "absent"


@dataclass(frozen=True)
class Span:
    """A number that is only known to lie between two, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class Spans:
    """A number that lies in one of several spans."""

    parts: tuple[Span, ...]


@dataclass(frozen=True)
class Bits:
    """A number of which some bits are known; the others are 0 in ``value``."""

    value: int
    known: int


Value = int | str | Span | Spans | Bits | Missing
"""Addresses, ports, marks and flags are numbers; names of interfaces are text."""


def negated(answer: Tri) -> Tri:
    """Turn yes and no round; unknown stays."""
    return None if answer is None else not answer


def any_of(answers: Iterable[Tri]) -> Tri:
    """Or, with unknowns."""
    found: Tri = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            found = None
    return found


def all_of(answers: Iterable[Tri]) -> Tri:
    """And, with unknowns."""
    found: Tri = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            found = None
    return found


def within(value: Value, low: int, high: int) -> Tri:
    """Tell whether a number lies between two, both included."""
    if isinstance(value, int):
        return low <= value <= high
    if isinstance(value, Spans):
        found = {_covered(part, low, high) for part in value.parts}
        return found.pop() if len(found) == 1 else None
    if isinstance(value, Bits):
        if low == high and low & value.known != value.value:
            return False
        value = Span(value.value, value.value | (WIDEST & ~value.known))
    return _covered(value, low, high) if isinstance(value, Span) else None


def _covered(value: Span, low: int, high: int) -> Tri:
    if low <= value.low and value.high <= high:
        return True
    return None if low <= value.high and value.low <= high else False


def combined(operator: str, left: Value, right: Value) -> Value:
    """Work out ``&``, ``|`` or ``^`` of two numbers, bit by bit where not all is known."""
    if Missing.ABSENT in (left, right):
        return Missing.ABSENT
    if isinstance(left, int) and isinstance(right, int):
        return _whole(operator, left, right)
    one, two = _bits(left), _bits(right)
    known = one.known & two.known
    if operator == "&":  # a 0 on one side is enough
        known |= (one.known & ~one.value) | (two.known & ~two.value)
    elif operator == "|":
        known |= one.value | two.value
    value = _whole(operator, one.value, two.value) & known
    return value if known == WIDEST else Bits(value, known)


def _whole(operator: str, left: int, right: int) -> int:
    if operator == "&":
        return left & right
    return left | right if operator == "|" else left ^ right


def _bits(value: Value) -> Bits:
    """What is known of single bits: of a span, those that both its ends share at the top."""
    if isinstance(value, int):
        return Bits(value, WIDEST)
    if isinstance(value, Bits):
        return value
    if not isinstance(value, Span):
        return Bits(0, 0)
    known = WIDEST & ~((1 << (value.low ^ value.high).bit_length()) - 1)
    return Bits(value.low & known, known)
