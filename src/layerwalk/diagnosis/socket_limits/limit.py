"""One time limit, and how its seconds are written."""

from __future__ import annotations

from dataclasses import dataclass

_ROUGHLY_S = 100.0


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A time limit of a socket, under the name of the option or setting that it comes from.

    ``in_s`` is when it fires if nothing happens from now on, ``None`` where it does not run;
    ``limit_s`` is the whole of it, from its beginning, ``None`` where there is no telling.
    ``error`` is what the program gets to see of it, empty for nothing.
    """

    name: str
    says: str
    in_s: float | None = None
    limit_s: float | None = None
    error: str = ""


def about(seconds: float) -> str:
    """Write a time as closely as it matters: ``0.8 s``, ``12.5 s``, ``131 s``, ``7200 s``."""
    whole = seconds >= _ROUGHLY_S or seconds == int(seconds)
    return f"{seconds:.0f} s" if whole else f"{seconds:.1f} s"
