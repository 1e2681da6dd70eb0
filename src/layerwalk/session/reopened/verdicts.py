"""The verdict on a walk that broke off before it had one: from what it had measured."""

from __future__ import annotations

from typing import cast

import msgspec

from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Target, TraceFact
from layerwalk.probes.facts.target import Scheme
from layerwalk.session.entries import complaint_of, verdict_of
from layerwalk.session.hops import rows
from layerwalk.session.reopened.facts import evidence_of
from layerwalk.session.report import TargetEntry, Verdict
from layerwalk.session.state import WalkState

BROKEN_OFF = "broken-off"


def completed(state: WalkState, *, ends: bool) -> WalkState:
    """Give a state with an end and a verdict, whatever the journal lacks.

    ``ends`` tells whether the journal holds the walk's end. A verdict that it holds stays as it is;
    one that is missing is concluded from the evidence, and says so.
    """
    if not ends:
        state = msgspec.structs.replace(state, ended=BROKEN_OFF)
    if state.verdict is not None or state.target is None:
        return state
    return _judged(state, state.target)


def _judged(state: WalkState, target: TargetEntry) -> WalkState:
    evidence = tuple(evidence_of(state.evidence))
    why = f"The walk broke off after {state.seconds:.1f} s"
    if not evidence:
        said = Verdict(
            outcome="inconclusive", summary=f"{why}, before anything was measured: no verdict."
        )
        return msgspec.structs.replace(state, verdict=said)
    try:
        verdict, address = _concluded(state, target, evidence)
    except Exception:  # noqa: BLE001 - facts that were made up may break any judge
        said = Verdict(
            outcome="inconclusive", summary=f"{why}; what it had recorded can't be judged."
        )
        return msgspec.structs.replace(state, verdict=said)
    summary = f"{why}, before its verdict; by what it had measured: {verdict.summary}"
    traces = [e.fact for e in evidence if isinstance(e.fact, TraceFact)]
    about = [trace for trace in traces if trace.address == address]
    path = {"path": rows(about), "path_to": address} if about and state.path_to != address else {}
    verdict = msgspec.structs.replace(verdict, summary=summary)
    return msgspec.structs.replace(state, verdict=verdict, **path)


def _concluded(
    state: WalkState, target: TargetEntry, evidence: tuple[Evidence, ...]
) -> tuple[Verdict, str]:
    walked_to = Target(
        input=target.input,
        host=target.host,
        port=target.port,
        scheme=cast("Scheme", target.scheme),
    )
    said = complaint_of(state.error_line) if state.error_line else None
    conclusion = conclude(WalkView(walked_to, evidence, state.timeout_s, said))
    return verdict_of(conclusion), conclusion.address
