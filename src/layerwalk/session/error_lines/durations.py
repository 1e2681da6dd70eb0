"""Time limits as programs write them, in seconds."""

from __future__ import annotations

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_S = 86_400.0
_STEP_S = 0.1
_LATE = 0.03
_LATE_S = 0.02


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
    steps = round(taken_s / _STEP_S)
    limit = round(steps * _STEP_S, 3)
    near = abs(taken_s - limit) <= max(_LATE_S, _LATE * limit)
    return limit if steps and near else round(taken_s, 3)
