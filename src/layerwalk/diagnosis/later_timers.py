"""Whose timer ended what came before or after connecting: reading, writing, or being idle.

A time fits a limit, or does not: that it came about by it is never claimed of a figure alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from layerwalk.diagnosis.time_figures import Figure, usual
from layerwalk.diagnosis.time_words import seconds

Whose = Literal["kernel", "program", "unknown"]

_OPEN = {"read", "write", "idle"}


def later(claim: str, limit_s: float | None, known: tuple[Figure, ...]) -> tuple[Whose, str]:
    """Say whose it was; ``claim`` is whose timer the error itself names."""
    after = f" after {seconds(limit_s)}" if limit_s else ""
    rest = "the kernel's timer for connections had no part in it."
    if claim == "program":
        return "program", f"The program gave up{after}, its own limit{_set(limit_s, known)}; {rest}"
    if claim == "kernel":
        return "kernel", f"The kernel gave up an open connection{after}{_by(limit_s, known)}."
    says = f"The failure came{after}, but not while connecting: {rest}"
    fitting = _fitting(limit_s, known) or _fitting(limit_s, tuple(usual()))
    if limit_s and fitting:
        also = "as well be a limit of the program's own, or of the other end's"
        says += f" {seconds(limit_s)} fits {_list(fitting)}; it may {also}."
    return "unknown", says


def _set(limit_s: float | None, known: tuple[Figure, ...]) -> str:
    """Name the option of its socket that sets it, where there is one."""
    own = [one.name for one in _fitting(limit_s, known) if "of its socket" in one.name]
    return f" ({own[0]})" if own else ""


def others_that_fit(limit_s: float, known: tuple[Figure, ...]) -> str:
    """Name the kernel's limits of an open connection that a time fits, in a clause; or nothing."""
    fitting = [one for one in _fitting(limit_s, known) if "idle" not in one.phases[:1]]
    return f"; {seconds(limit_s)} also fits {_list(fitting)}" if fitting else ""


def _by(limit_s: float | None, known: tuple[Figure, ...]) -> str:
    """By which of its limits: the one that fits, or what they are."""
    own = [one for one in known if _OPEN & {*one.phases} and "idle" not in one.phases[:1]]
    if not own:
        return ", as the error says"
    fitting = _fitting(limit_s, tuple(own))
    if fitting:
        return f", which fits {_list(fitting)}"
    figures = ", ".join(f"{one.name} ({_span(one)})" for one in own)
    if limit_s is None:
        return f", by one of its limits here: {figures}"
    return (
        f", which is none of its limits here ({figures}): the program may have set others on its "
        "socket (TCP_USER_TIMEOUT, keepalive)"
    )


def _fitting(limit_s: float | None, known: Iterable[Figure]) -> list[Figure]:
    if not limit_s:
        return []
    return [one for one in known if _OPEN & {*one.phases} and one.fits(limit_s)]


def _list(fitting: Iterable[Figure]) -> str:
    return ", or ".join(f"{one.words} ({_span(one)})" if one.name else one.words for one in fitting)


def _span(one: Figure) -> str:
    if one.until_s == one.after_s:
        return seconds(one.after_s)
    return f"{seconds(one.after_s)} to {seconds(one.until_s)}"
