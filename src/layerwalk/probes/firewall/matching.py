"""Whether a match statement takes a packet: yes, no, or unknown (``None``). Pure."""

from __future__ import annotations

from typing import Any

from layerwalk.probes.firewall.elements import Term, meets, meets_one
from layerwalk.probes.firewall.expressions import Scene, is_absent, number_of, terms_of
from layerwalk.probes.firewall.kinds import Kind
from layerwalk.probes.firewall.values import (
    Span,
    Tri,
    Value,
    any_of,
    combined,
    negated,
    within,
)

_ORDERS = frozenset({"<", ">", "<=", ">="})
_LAST = 1 << 128


def matched(match: Any, scene: Scene) -> Tri:
    """Decide a ``match`` statement."""
    if not isinstance(match, dict):
        return None
    terms = terms_of(match.get("left"), scene)
    operator, right = str(match.get("op")), match.get("right")
    if is_absent(terms):
        return False
    if operator in {"in", "!"} and terms[0][1].flags and not _is_set(right):
        shared = _has_bits(*terms[0], right)
        return negated(shared) if operator == "!" else shared
    if operator in _ORDERS and len(terms) == 1:
        return _ordered(*terms[0], operator, right)
    if operator in {"==", "in", "!="}:
        inside = _member(terms, right, scene)
        return negated(inside) if operator == "!=" else inside
    return None


def _is_set(right: Any) -> bool:
    return (isinstance(right, str) and right.startswith("@")) or (
        isinstance(right, dict) and "set" in right
    )


def _has_bits(value: Value, kind: Kind, right: Any) -> Tri:
    """Tell whether any of some flags is set."""
    wanted = kind.number(right)
    if wanted is None:
        return None
    return negated(within(combined("&", value, wanted), 0, 0))


def _ordered(value: Value, kind: Kind, operator: str, right: Any) -> Tri:
    bound = kind.number(right)
    if bound is None or isinstance(value, str):
        return None
    if operator in {"<", ">="}:
        below = within(value, 0, bound - 1) if bound else False
        return negated(below) if operator == ">=" else below
    above = within(value, bound + 1, _LAST)
    return negated(above) if operator == "<=" else above


def _member(terms: tuple[Term, ...], right: Any, scene: Scene) -> Tri:
    """Tell whether values are (in) what stands on the right of a match."""
    if isinstance(right, str) and right.startswith("@"):
        named = scene.set_of(right[1:])
        return None if named is None else named.has(terms)
    if isinstance(right, dict) and isinstance(right.get("set"), list):
        return any_of(meets(terms, element) for element in right["set"])
    if len(terms) == 1:
        return _is(terms[0], right, scene)
    return meets(terms, right)


def _is(term: Term, right: Any, scene: Scene) -> Tri:
    value, kind = term
    if isinstance(right, bool):
        return _exists(value, wanted=right)
    if isinstance(right, dict) and not {"prefix", "range", "|"} & set(right):
        other = number_of(right, kind, scene)
        if isinstance(other, int):
            return within(value, other, other)
        if isinstance(value, int) and isinstance(other, Span):
            return within(other, value, value)
        return None
    if kind.flags and isinstance(right, list):
        return meets_one(value, kind, {"|": right})
    return meets_one(value, kind, right)


def _exists(value: Value, *, wanted: bool) -> Tri:
    """Compare with ``exists`` or ``missing``."""
    if isinstance(value, int | str):
        return bool(value) is wanted
    return None
