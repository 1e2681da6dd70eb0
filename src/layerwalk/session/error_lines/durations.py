"""Time limits as programs write them, in seconds."""

from __future__ import annotations

import math

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_S = 86_400.0
_EARLY_S = 0.002
_GRIDS = ((1.0, 0.1), (0.5, 0.1), (0.25, 0.03), (0.1, 0.03))
"""What limits are multiples of, and how late a busy machine may be, in seconds."""


def seconds(number: str | None, unit: str | None = None, *, measured: bool = False) -> float | None:
    """Give seconds; without a unit the number is some. Nothing where it is no time, or a day.

    A ``measured`` time is the limit and the little that the program came late: 5001 ms is 5 s.
    """
    if not number:
        return None
    try:
        value = float(number) * _UNITS[_short(unit or "s")]
    except (ValueError, KeyError):
        return None
    if not 0 < value <= _LONGEST_S:
        return None
    return _limit_behind(value) if measured else round(value, 6)


def _short(unit: str) -> str:
    word = unit.lower()
    if word.startswith(("ms", "mil")):
        return "ms"
    if word.startswith("micro"):
        return "us"
    return word[0] if word[:1] in {"s", "m", "h"} else word


def _limit_behind(taken_s: float) -> float:
    """Give the round number that a time is a little more than; itself, where there is none."""
    for grid_s, late_s in _GRIDS:
        limit = math.floor((taken_s + _EARLY_S) / grid_s) * grid_s
        if limit and taken_s - limit <= late_s:
            return round(limit, 3)
    return round(taken_s, 3)
