"""Single answers from an invented network."""

from __future__ import annotations

from typing import Any

from layerwalk.diagnosis.samples.machine import TARGET
from layerwalk.probes.facts import Answer, AnswerKind, Refusal


def answer(kind: AnswerKind, responder: str = TARGET, **changes: Any) -> Answer:
    """One answer."""
    fields: dict[str, Any] = {"hop": 64, "rtt_s": 0.002, "ttl": 61, "interface": "eth0"}
    return Answer(kind=kind, responder=responder, **{**fields, **changes})


def refusal(word: Refusal, responder: str, **changes: Any) -> Answer:
    """An ICMP "unreachable" from somebody."""
    codes = {Refusal.NO_ROUTE: 0, Refusal.HOST: 1, Refusal.PORT: 3, Refusal.PROHIBITED: 13}
    fields = {"icmp_type": 3, "icmp_code": codes.get(word, 2), "refusal": word}
    return answer(AnswerKind.UNREACHABLE, responder, **{**fields, **changes})
