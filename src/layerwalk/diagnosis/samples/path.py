"""What was asked of the way to an invented target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from layerwalk.diagnosis.samples.answers import answer
from layerwalk.diagnosis.samples.machine import PORT, ROUTERS, TARGET
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    EchoFact,
    Flow,
    FlowsFact,
    FlowTry,
    LossFact,
    Outcome,
    Tally,
    TraceFact,
    TraceKind,
    Try,
)


def echo(*answers: Answer) -> EchoFact:
    """Echoes with these answers; silent without."""
    replied = any(a.kind is AnswerKind.ECHO_REPLY for a in answers)
    outcome = Outcome.ANSWERED if replied else Outcome.UNREACHABLE if answers else Outcome.SILENT
    return EchoFact(outcome=outcome, address=TARGET, sent=3, answers=answers)


def alive() -> EchoFact:
    """Echoes that the target answers."""
    return echo(answer(AnswerKind.ECHO_REPLY))


def loss(echo: tuple[int, int], syn: tuple[int, int], **changes: Any) -> LossFact:
    """A sample of which so many of so many were answered, by kind."""
    pairs = {"echo": echo, "SYN": syn}
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED,
        "address": TARGET,
        "port": PORT,
        "tallies": tuple(Tally(kind=k, sent=n, answered=a) for k, (a, n) in pairs.items()),
        "syn_answer": str(AnswerKind.SYN_ACK) if syn[0] else "",
    }
    return LossFact(**{**fields, **changes})


def flows(always: int, never: int = 0, sometimes: int = 0, **changes: Any) -> FlowsFact:
    """So many source ports of each sort; those that failed were tried again, with four others."""
    good = answer(AnswerKind.SYN_ACK)
    controls = min(always, 4) if never else 0
    rows: list[tuple[Answer | None, ...]] = [(good,)] * (always - controls)
    rows += [(good, good, good)] * controls
    rows += [(None, None, None) if always else (None,)] * never
    rows += [(None, good, good)] * sometimes
    found = tuple(
        Flow(port=40000 + number, tries=tuple(_in_turn(number, answers)))
        for number, answers in enumerate(rows)
    )
    fields: dict[str, Any] = {
        "outcome": Outcome.ANSWERED if always or sometimes else Outcome.SILENT,
        "address": TARGET,
        "port": PORT,
        "flows": found,
    }
    return FlowsFact(**{**fields, **changes})


def _in_turn(number: int, answers: Sequence[Answer | None]) -> Iterator[FlowTry]:
    for turn, one in enumerate(answers):
        yield FlowTry(sent_s=round(0.004 * number + 0.6 * turn, 3), answer=one)


def tries(kind: TraceKind, until: int, asked: int = 4) -> list[Try]:
    """Probes to ``asked`` hops of which the first ``until`` answer; the fourth is the target."""
    return [
        Try(hop=hop, kind=kind, answer=_at(hop) if hop <= until else None)
        for hop in range(1, asked + 1)
    ]


def _at(hop: int) -> Answer:
    if hop > len(ROUTERS):
        return answer(AnswerKind.ECHO_REPLY, hop=hop)
    return answer(AnswerKind.TIME_EXCEEDED, ROUTERS[hop - 1], hop=hop, icmp_type=11, icmp_code=0)


def trace(*groups: Sequence[Try]) -> TraceFact:
    """A trace of these tries."""
    found = tuple(one for group in groups for one in group)
    return TraceFact(outcome=Outcome.ANSWERED, address=TARGET, port=PORT, tries=found)
