"""What a walk knows of this machine's processes that the connection is about."""

from __future__ import annotations

from layerwalk.diagnosis.evidence_view import F
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import ListenersFact


def processes(view: WalkView) -> tuple[int, ...]:
    """Give their numbers, as far as they are known: who accepts on the port, or who is named."""
    named = () if view.pid is None else (view.pid,)
    if not view.standpoint.serves:
        return named
    facts = (e.fact for e in view.evidence if isinstance(e.fact, ListenersFact))
    every = (one for fact in facts for listener in fact.listeners for one in listener.holders)
    return tuple(dict.fromkeys(one.pid for one in every)) or named


def first_look(view: WalkView, kind: type[F]) -> F | None:
    """Give the first fact of a kind that was measured: what a later look is held against."""
    found = (e.fact for e in view.evidence if isinstance(e.fact, kind))
    return next((fact for fact in found if fact.outcome.measured), None)
