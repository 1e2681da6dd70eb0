"""Whose timer ended it: the kernel's, the program's own, or one of a device on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.later_timers import later, others_that_fit
from layerwalk.diagnosis.own_limits import OwnLimits, own_figures, own_limits
from layerwalk.diagnosis.syn_schedule import gives_up_s
from layerwalk.diagnosis.time_figures import (
    EARLY_S,
    LATE_PART,
    LATE_S,
    Figure,
    figures,
)
from layerwalk.diagnosis.time_words import seconds
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import EnvironmentFact, Outcome, TimersFact

Whose = Literal["kernel", "program", "unknown"]

_CONNECTING = {"connect", "unknown"}
_TELLING_S = 60.0
"""Below this a kernel's figure under other settings may as well be a program's limit."""

_OTHERS = [(retries, linear) for linear in (0, 4) for retries in range(1, 9)]
"""Settings that other machines may have: before and after Linux 6.5."""


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Whose timer fires first, the two times in seconds, and a sentence that says so.

    ``kernel_s`` is when this machine's kernel gives up connecting, ``limit_s`` the program's limit
    or the time after which it failed; each is ``None`` where it is not known. ``figures`` are all
    time limits of the kernel's, in whichever phase.
    """

    whose: Whose
    says: str
    kernel_s: float | None = None
    limit_s: float | None = None
    figures: tuple[Figure, ...] = field(default=(), compare=False)


def whose_timer(view: WalkView) -> Timer | None:
    """Tell whose timer it is; ``None`` where nobody asked and no connection timed out."""
    found = _told(view)
    return found and replace(found, figures=_known(view))


def _known(view: WalkView) -> tuple[Figure, ...]:
    """Every limit that may have fired, those of the program's own sockets first."""
    return (*own_figures(view), *figures(_settings(view)))


def _told(view: WalkView) -> Timer | None:
    complaint = view.complaint
    limit_s = view.timeout_s or (complaint.limit_s if complaint else None)
    if complaint and _is_later(complaint, limit_s):
        whose, says = later(complaint.timer, limit_s, _known(view))
        return Timer(whose=whose, limit_s=limit_s, says=says)
    if limit_s is None and not (_named(complaint) or _times_out(view)):
        return None
    return _connecting(view, complaint, limit_s)


def _is_later(complaint: Complaint, limit_s: float | None) -> bool:
    """Whether it failed in another phase, by some timer, or after a time that may tell of one."""
    timed = complaint.timer != "none" or limit_s is not None
    return complaint.phase not in _CONNECTING and timed


def _named(complaint: Complaint | None) -> bool:
    return complaint is not None and complaint.timer in {"kernel", "program"}


def _times_out(view: WalkView) -> bool:
    """Whether the walk's own connection is met with silence."""
    return any(host.connect and host.connect.outcome is Outcome.SILENT for host in view.hosts)


def _connecting(view: WalkView, complaint: Complaint | None, limit_s: float | None) -> Timer:
    fact = _settings(view)
    kernel_s = None
    if fact:
        kernel_s = gives_up_s(fact.syn_retries, fact.linear_timeouts, fact.longest_s)
    own = own_limits(view, fact)
    if own:
        kernel_s, limit_s = own.kernel_s, limit_s or own.send_limit_s
    whose, says = _judged(_claim(complaint), limit_s, kernel_s)
    meant = complaint.phase if complaint else "unknown"
    if limit_s and meant == "unknown" and not (kernel_s and _is(limit_s, kernel_s)):
        says += others_that_fit(limit_s, tuple(figures(fact)))
    if limit_s and whose == "program":
        says += _set_by(view, limit_s)
    says += _by_its_socket(own, limit_s)
    return Timer(whose=whose, says=f"{says}.", kernel_s=kernel_s, limit_s=limit_s)


def _by_its_socket(own: OwnLimits | None, limit_s: float | None) -> str:
    """Name the options of the program's own socket that say so."""
    if own is None:
        return ""
    bound_s = own.send_limit_s
    found = f"; its socket has {own.name}: {seconds(own.kernel_s)}" if own.name else ""
    if bound_s and limit_s and _is(limit_s, bound_s):
        found += f"; SO_SNDTIMEO of its socket is {seconds(bound_s)}"
    return found


def _set_by(view: WalkView, limit_s: float) -> str:
    """Name what sets that limit, where the program's environment does."""
    facts = (e.fact for e in view.evidence if isinstance(e.fact, EnvironmentFact))
    times = (one for fact in facts for one in fact.times if one.seconds)
    fitting = [it.variable for it in times if it.seconds and _is(limit_s, it.seconds)]
    return f"; {' and '.join(fitting)} in its environment says so" if fitting else ""


def _claim(complaint: Complaint | None) -> str:
    return complaint.timer if complaint else ""


def _settings(view: WalkView) -> TimersFact | None:
    facts = (e.fact for e in view.evidence if isinstance(e.fact, TimersFact))
    return next((fact for fact in facts if fact.outcome.measured), None)


def _judged(claim: str, limit_s: float | None, kernel_s: float | None) -> tuple[Whose, str]:
    """The line's own word first, then the figures."""
    if limit_s is None:
        return _without_limit(claim, kernel_s)
    if kernel_s is not None and _is(limit_s, kernel_s):
        told = f"{seconds(limit_s)} is the kernel's figure"
        return "kernel", f"{told} here ({seconds(kernel_s)}): the program set no shorter limit"
    other = _elsewhere(limit_s)
    if claim == "kernel" or (other and limit_s >= _TELLING_S and claim != "program"):
        return "kernel", _other_kernel(limit_s, kernel_s, other)
    if kernel_s is not None and kernel_s < limit_s and claim != "program":
        told = f"the program's own limit of {seconds(limit_s)}"
        return "kernel", f"The kernel gives up after {seconds(kernel_s)}, before {told}"
    gave = "gave" if claim else "gives"
    goes_on = _goes_on(kernel_s, "would have gone" if claim else "would go")
    return "program", f"The program {gave} up after {seconds(limit_s)}, its own limit; {goes_on}"


def _without_limit(claim: str, kernel_s: float | None) -> tuple[Whose, str]:
    after = f" after {seconds(kernel_s)} with this machine's settings" if kernel_s else ""
    if claim == "kernel":
        return "kernel", f"The kernel gave up,{after or ' as the error says'}"
    if claim == "program":
        own = "The program gave up by a limit of its own"
        return "program", f"{own}; {_goes_on(kernel_s, 'would have gone')}"
    if kernel_s is None:
        return "unknown", "When this machine's kernel gives up is not known"
    sooner = "a failure that comes sooner is a limit of the program's own"
    return "unknown", f"The kernel gives up after {seconds(kernel_s)} (ETIMEDOUT); {sooner}"


def _goes_on(kernel_s: float | None, verb: str) -> str:
    if kernel_s is None:
        return "how long the kernel goes on is not known here"
    return f"the kernel {verb} on until {seconds(kernel_s)}"


def _other_kernel(limit_s: float, kernel_s: float | None, other: tuple[int, int] | None) -> str:
    told = f"{seconds(limit_s)} is a kernel's figure, under other settings than this machine's"
    if other:
        told += f" (tcp_syn_retries {other[0]}, tcp_syn_linear_timeouts {other[1]})"
    return f"{told}; here it would be {seconds(kernel_s)}" if kernel_s else told


def _elsewhere(limit_s: float) -> tuple[int, int] | None:
    """The settings under which a kernel would give up then."""
    return next((one for one in _OTHERS if _is(limit_s, gives_up_s(*one))), None)


def _is(limit_s: float, kernel_s: float) -> bool:
    return kernel_s - EARLY_S <= limit_s <= kernel_s * LATE_PART + LATE_S
