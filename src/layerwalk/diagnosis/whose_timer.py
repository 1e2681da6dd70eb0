"""Whose timer ends the attempt to connect: the kernel's, or the program's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.syn_schedule import gives_up_s
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Outcome, TimersFact

Whose = Literal["kernel", "program", "unknown"]

_EARLY_S, _LATE_S, _LATE_PART = 0.6, 0.6, 1.03
"""Timers fire a little late (measured: 3.1 s for 3, 19.4 s for 19), and programs round."""

_CONNECTING = {"connect", "unknown"}
_TELLING_S = 60.0
"""Below this a kernel's figure under other settings may as well be a program's limit."""

_OTHERS = [(retries, linear) for linear in (0, 4) for retries in range(1, 9)]
"""Settings that other machines may have: before and after Linux 6.5."""


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Whose timer fires first, the two times in seconds, and a sentence that says so.

    ``kernel_s`` is when this machine's kernel gives up, ``limit_s`` the program's limit or the
    time after which it failed; each is ``None`` where it is not known.
    """

    whose: Whose
    says: str
    kernel_s: float | None = None
    limit_s: float | None = None


def whose_timer(view: WalkView) -> Timer | None:
    """Tell whose timer it is; ``None`` where nobody asked and no connection timed out."""
    complaint = view.complaint
    limit_s = view.timeout_s or (complaint.limit_s if complaint else None)
    if complaint and complaint.phase not in _CONNECTING and complaint.timer != "none":
        return _later(complaint, limit_s)
    if limit_s is None and not (_named(complaint) or _times_out(view)):
        return None
    return _connecting(view, complaint, limit_s)


def _named(complaint: Complaint | None) -> bool:
    return complaint is not None and complaint.timer in {"kernel", "program"}


def _times_out(view: WalkView) -> bool:
    """Whether the walk's own connection is met with silence."""
    return any(host.connect and host.connect.outcome is Outcome.SILENT for host in view.hosts)


def _later(complaint: Complaint, limit_s: float | None) -> Timer:
    """A failure before or after connecting, in which the timer for SYNs has no part."""
    after = f" after {seconds(limit_s)}" if limit_s else ""
    rest = "the kernel's timer for connections had no part in it."
    whose: Whose = "unknown"
    says = f"The failure came{after}, but not while connecting: {rest}"
    if complaint.timer == "program":
        whose, says = "program", f"The program gave up{after}, its own limit; {rest}"
    return Timer(whose=whose, limit_s=limit_s, says=says)


def _connecting(view: WalkView, complaint: Complaint | None, limit_s: float | None) -> Timer:
    fact = _settings(view)
    kernel_s = None
    if fact:
        kernel_s = gives_up_s(fact.syn_retries, fact.linear_timeouts, fact.longest_s)
    whose, says = _judged(_claim(complaint), limit_s, kernel_s)
    return Timer(whose=whose, says=f"{says}.", kernel_s=kernel_s, limit_s=limit_s)


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
    return kernel_s - _EARLY_S <= limit_s <= kernel_s * _LATE_PART + _LATE_S


def seconds(value: float) -> str:
    """Write a time limit as people do: ``5 s``, ``0.25 s``."""
    return f"{value:.4g} s"
