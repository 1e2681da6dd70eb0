"""A strain that was found, and what a cause makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Judgement, Status, ruled_out, unknown
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.suffering import suffering
from layerwalk.probes.facts import ProcessSample

EARLIER = (
    "accept-queue-full",
    "service-hung",
    "connection-reset",
    "response-slow",
    "tls-failure",
    "protocol-mismatch",
    "upstream-unavailable",
    "gateway-timeout",
    "connect-timeout-too-short",
    "high-latency",
    "packet-loss",
    "firewall-drop",
)
"""What a service or a client that has run out of something looks like: the resource goes first."""

_BY_TRYING = "cpu-saturated"
_STRENGTH = (Status.CONFIRMED, Status.LIKELY, Status.POSSIBLE)


@dataclass(frozen=True, kw_only=True)
class Strain:
    """Something that is used up: what, in words, and how sure it is to be what harms.

    ``process`` is the one that it is about. ``fatal`` needs no connection that suffers: that
    process can't make one. ``decide_by`` says what would make it sure.
    """

    words: str
    status: Status = Status.LIKELY
    process: ProcessSample | None = None
    fatal: bool = False
    decide_by: str = ""


def judged(
    seen: Resources,
    found: Iterable[Strain],
    enough: str,
    suffers: Callable[[AddressView], str] = suffering,
) -> Judgement:
    """Hold strains against how the connection ``suffers``; ``enough`` says that there is none."""
    if seen.machine is None:
        return unknown("what this machine has left was not looked at")
    strains = sorted(found, key=lambda one: _STRENGTH.index(one.status))
    how = suffers(seen.host)
    if not strains:
        return _none(seen, how, enough)
    worst = strains[0]
    if not how and not any(one.fatal for one in strains):
        return ruled_out(seen.evidence, f"{worst.words}, and the connection does not suffer")
    if not how:
        worst = next(one for one in strains if one.fatal)
    return Judgement(
        status=worst.status,
        evidence=seen.evidence,
        explanation=_told(strains, worst, how),
        where=_where(worst.process),
        before=_before(worst),
        decide_by=worst.decide_by,
    )


def _before(worst: Strain) -> tuple[str, ...]:
    """What it goes before: who is refused something tries again and again, and uses up all time."""
    if worst.status is Status.POSSIBLE:
        return ()
    return (*EARLIER, _BY_TRYING) if worst.status is Status.CONFIRMED else EARLIER


def _where(one: ProcessSample | None) -> dict[str, object]:
    """This machine, and the process where it is one's own matter."""
    about: dict[str, object] = {"process": one.name, "pid": one.pid} if one else {}
    return {"kind": "local", **about}


def pid_of(judgement: Judgement) -> str:
    """Give the number of the process that a judgement is about, for a command."""
    return str(judgement.where.get("pid", "PID"))


def _none(seen: Resources, how: str, enough: str) -> Judgement:
    """No strain was found; where something suffers and was not looked at, that is not enough."""
    if how and seen.unseen:
        return unknown(seen.unseen)
    return ruled_out(seen.evidence, enough)


def _told(strains: list[Strain], worst: Strain, how: str) -> str:
    others = [one.words for one in strains if one is not worst]
    text = "; ".join(dict.fromkeys([worst.words, *others][:_SHOWN]))
    return f"{text}; {how}." if how else f"{text}."


_SHOWN = 3
