"""What was asked of an invented port, and of others of the target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layerwalk.diagnosis.samples.answers import answer
from layerwalk.diagnosis.samples.machine import PORT, TARGET
from layerwalk.probes.facts import (
    LINUX,
    Answer,
    AnswerKind,
    ConnectFact,
    ControlFact,
    HandshakeFact,
    Outcome,
    PacedSyn,
    StrayAckFact,
    SynFact,
    SynOption,
    SynOptionsFact,
    SynPaceFact,
    SynVariant,
)

_OUTCOMES = {
    AnswerKind.SYN_ACK: Outcome.ANSWERED,
    AnswerKind.RST: Outcome.REFUSED,
    AnswerKind.UNREACHABLE: Outcome.REJECTED,
}


def syn(*answers: Answer, port: int = PORT, **changes: Any) -> SynFact:
    """The last look at the port, with these answers; silent without."""
    fields: dict[str, Any] = {
        "outcome": next(
            (_OUTCOMES[a.kind] for a in answers if a.kind in _OUTCOMES), Outcome.SILENT
        ),
        "address": TARGET,
        "port": port,
        "sent": 3,
        "answers": answers,
        "last_look": True,
    }
    return SynFact(**{**fields, **changes})


def open_port() -> SynFact:
    """A port that takes the connection."""
    return syn(answer(AnswerKind.SYN_ACK, mss=1460), sent=1)


def syn_options(
    *variants: tuple[tuple[SynOption, ...], int, tuple[Answer, ...]],
    own: tuple[SynOption, ...] = LINUX,
) -> SynOptionsFact:
    """SYNs by what they carry: so many, all with these answers; silent without."""
    found = tuple(
        SynVariant(options=it, sent=sent, answered=sent if answers else 0, answers=answers)
        for it, sent, answers in variants
    )
    outcome = Outcome.ANSWERED if any(it.answers for it in found) else Outcome.SILENT
    return SynOptionsFact(outcome=outcome, address=TARGET, port=PORT, own=own, variants=found)


def paced(answered: Callable[[float], bool]) -> SynPaceFact:
    """SYNs in a burst, then in groups of three, that are answered as somebody says at each time."""
    times = [0.006 * n for n in range(20)]
    times += [0.25 + 0.13 * group + 0.0005 * n for group in range(16) for n in range(3)]
    heard = answer(AnswerKind.SYN_ACK)
    syns = tuple(PacedSyn(sent_s=it, answer=heard if answered(it) else None) for it in times)
    return SynPaceFact(
        outcome=Outcome.ANSWERED,
        address=TARGET,
        port=PORT,
        syns=syns,
        beside="echo",
        sent_beside=21,
    )


def pace(rate: float, burst: int) -> SynPaceFact:
    """SYNs of which a limit lets so many a second pass, and so many at once."""
    left, last = float(burst), 0.0

    def passes(when: float) -> bool:
        nonlocal left, last
        left, last = min(burst, left + rate * (when - last)), when
        if left < 1:
            return False
        left -= 1
        return True

    return paced(passes)


def handshake(**changes: Any) -> HandshakeFact:
    """A connection that the target, too, thinks made."""
    fields: dict[str, Any] = {"outcome": Outcome.ANSWERED, "address": TARGET, "port": PORT}
    return HandshakeFact(**{**fields, "taken": True, **changes})


def stray_ack(*answers: Answer, port: int = 443) -> StrayAckFact:
    """ACKs of no connection with these answers; the other port resets them."""
    return StrayAckFact(
        outcome=Outcome.ANSWERED if answers else Outcome.SILENT,
        address=TARGET,
        port=PORT,
        sent=2,
        answers=answers,
        control_port=port,
        control_answers=(answer(AnswerKind.RST),) if port else (),
    )


def connect(
    outcome: Outcome = Outcome.ANSWERED, errno: str = "", *, waited_s: float = 0.003
) -> ConnectFact:
    """The real connection."""
    return ConnectFact(outcome=outcome, address=TARGET, port=PORT, errno=errno, waited_s=waited_s)


def control(*answers: Answer) -> ControlFact:
    """Port 443 with these answers, and nothing else."""
    other = syn(*answers, port=443)
    outcome = Outcome.ANSWERED if answers else Outcome.SILENT
    return ControlFact(outcome=outcome, address=TARGET, ports=(other,), udp_port=33434, udp_sent=2)
