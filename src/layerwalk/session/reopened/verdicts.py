"""The verdict on a walk that broke off before it had one: from what it had measured."""

from __future__ import annotations

from enum import Enum
from typing import cast

import msgspec

from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Role, Standpoint, Target, TraceFact
from layerwalk.probes.facts.target import Scheme
from layerwalk.session.entries import complaint_of, verdict_of
from layerwalk.session.hops import rows
from layerwalk.session.reopened.facts import evidence_of
from layerwalk.session.report import TargetEntry, Verdict
from layerwalk.session.state import WalkState, halted


class Fate(Enum):
    """What became of a walk, as its journal tells, and how a verdict that it lacks begins."""

    ENDED = "The journal has lost the verdict; by what can be read of it: "
    BROKEN_OFF = "The walk broke off after {seconds:.1f} s; by what it had measured: "
    GOES_ON = "The walk goes on in another process; by what it has measured in {seconds:.1f} s: "


def completed(state: WalkState, fate: Fate) -> WalkState:
    """Give a state whose end and verdict are there, whatever the journal lacks.

    A verdict that the journal holds stays as it is; one that is missing is concluded from the
    evidence, and says so.
    """
    if fate is Fate.BROKEN_OFF:
        state = msgspec.structs.replace(halted(state), ended="broken-off")
    if state.verdict is not None or state.target is None:
        return state
    return _judged(state, state.target, fate.value.format(seconds=state.seconds))


def _judged(state: WalkState, target: TargetEntry, why: str) -> WalkState:
    evidence = tuple(evidence_of(state))
    if not evidence:
        return _without(state, f"{why}nothing, so there is no verdict.")
    try:
        verdict, address = _concluded(state, target, evidence)
    except Exception:  # noqa: BLE001 - facts that were made up may break any judge
        return _without(state, f"{why}nothing that can be judged.")
    traces = [e.fact for e in evidence if isinstance(e.fact, TraceFact)]
    about = [trace for trace in traces if trace.address == address]
    path = {"path": rows(about), "path_to": address} if about and state.path_to != address else {}
    verdict = msgspec.structs.replace(verdict, summary=why + verdict.summary)
    return msgspec.structs.replace(state, verdict=verdict, **path)


def _without(state: WalkState, summary: str) -> WalkState:
    return msgspec.structs.replace(state, verdict=Verdict(outcome="inconclusive", summary=summary))


def _concluded(
    state: WalkState, target: TargetEntry, evidence: tuple[Evidence, ...]
) -> tuple[Verdict, str]:
    walked_to = Target(
        input=target.input,
        host=target.host,
        port=target.port,
        scheme=cast("Scheme", target.scheme),
        addresses=target.addresses if state.role == Role.SERVER else (),
    )
    said = complaint_of(state.error_line) if state.error_line else None
    role = next((it for it in Role if it == state.role), Role.CLIENT)
    stood = Standpoint(role=role, client=state.client)
    view = WalkView(walked_to, evidence, state.timeout_s, said, standpoint=stood)
    conclusion = conclude(view)
    return verdict_of(conclusion, standpoint=stood), conclusion.address
