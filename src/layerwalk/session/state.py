"""The state of a walk: a fold over its events. Screens show it, the report is its last value."""

from __future__ import annotations

from functools import reduce, singledispatch
from typing import TYPE_CHECKING, Literal

import msgspec

from layerwalk.session import events as ev
from layerwalk.session.ports import ports_told
from layerwalk.session.report import (
    Ending,
    ErrorEntry,
    EvidenceEntry,
    HopRow,
    Host,
    Offer,
    OriginEntry,
    Report,
    TargetEntry,
    Tool,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

StepState = Literal["running", "done"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement as a person sees it: ``status`` and ``finding`` come when it is done."""

    id: str
    title: str
    layer: int
    state: StepState
    waits_for: str
    at_most_s: float
    began_s: float
    status: str = ""
    finding: str = ""
    evidence: str = ""
    vain: bool = False


class WalkState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of a walk so far. Replaced as a whole, never changed."""

    target: TargetEntry | None = None
    tool: Tool | None = None
    host: Host | None = None
    role: str = "client"
    started: str = ""
    seconds: float = 0.0
    budget_s: float = 0.0
    timeout_s: float | None = None
    error_line: ErrorEntry | None = None
    origin: OriginEntry | None = None
    client: str = ""
    steps: tuple[Step, ...] = ()
    path: tuple[HopRow, ...] = ()
    path_to: str = ""
    evidence: tuple[EvidenceEntry, ...] = ()
    guided: bool = False
    offers: tuple[Offer, ...] = ()
    verdict: Verdict | None = None
    ended: Ending | Literal[""] = ""
    unrecorded: str = ""

    @property
    def running(self) -> tuple[Step, ...]:
        """The steps that are under way."""
        return tuple(step for step in self.steps if step.state == "running")


@singledispatch
def _changes(event: ev.Event, _state: WalkState) -> dict[str, object]:
    """Tell which fields of the state an event changes."""
    raise TypeError(event)


@_changes.register
def _(event: ev.WalkStarted, _state: WalkState) -> dict[str, object]:
    names = "target tool host role started budget_s timeout_s error_line origin client"
    return {name: getattr(event, name) for name in names.split()}


@_changes.register
def _(event: ev.AddressesFound, state: WalkState) -> dict[str, object]:
    if state.target is None:
        return {}
    return {"target": msgspec.structs.replace(state.target, addresses=event.addresses)}


@_changes.register
def _(event: ev.StepStarted, state: WalkState) -> dict[str, object]:
    step = Step(
        id=event.step,
        title=event.title,
        layer=event.layer,
        state="running",
        waits_for=event.waits_for,
        at_most_s=event.at_most_s,
        began_s=event.at_s,
    )
    return {"steps": (*state.steps, step), "offers": ()}


@_changes.register
def _(event: ev.StepEnded, state: WalkState) -> dict[str, object]:
    entry = event.evidence
    done = {
        "status": entry.status,
        "finding": entry.finding,
        "evidence": entry.id,
        "vain": event.vain,
    }
    steps = tuple(
        msgspec.structs.replace(step, state="done", **done)
        if step.id == event.step and step.state == "running"
        else step
        for step in state.steps
    )
    return {"steps": steps, "evidence": (*state.evidence, entry)}


@_changes.register
def _(event: ev.ModeChanged, _state: WalkState) -> dict[str, object]:
    return {"guided": event.guided, "offers": ()}


@_changes.register
def _(event: ev.StepsOffered, _state: WalkState) -> dict[str, object]:
    return {"offers": event.offers}


@_changes.register
def _(event: ev.StepNoted, state: WalkState) -> dict[str, object]:
    entry = event.evidence
    step = Step(
        id=event.step,
        title=event.title,
        layer=event.layer,
        state="done",
        waits_for="",
        at_most_s=0.0,
        began_s=event.at_s,
        status=entry.status,
        finding=entry.finding,
        evidence=entry.id,
        vain=event.vain,
    )
    return {"steps": (*state.steps, step), "evidence": (*state.evidence, entry)}


@_changes.register
def _(event: ev.NoteTakenBack, state: WalkState) -> dict[str, object]:
    return {
        "steps": tuple(step for step in state.steps if step.evidence != event.note),
        "evidence": tuple(entry for entry in state.evidence if entry.id != event.note),
    }


@_changes.register
def _(event: ev.PathSeen, _state: WalkState) -> dict[str, object]:
    return {"path": event.path, "path_to": event.address}


@_changes.register
def _(event: ev.VerdictReached, _state: WalkState) -> dict[str, object]:
    return {"verdict": event.verdict}


@_changes.register
def _(event: ev.WalkEnded, _state: WalkState) -> dict[str, object]:
    return {"ended": event.reason, "offers": ()}


@_changes.register
def _(event: ev.RecordingStopped, _state: WalkState) -> dict[str, object]:
    return {"unrecorded": event.why}


def fold(state: WalkState, event: ev.Event) -> WalkState:
    """Take one event into the state."""
    seconds = max(state.seconds, event.at_s)
    return msgspec.structs.replace(state, seconds=seconds, **_changes(event, state))


def halted(state: WalkState) -> WalkState:
    """Give the state of a walk that broke off: nothing of it runs or waits for a person."""
    steps = tuple(
        msgspec.structs.replace(step, state="done", status="cancelled")
        if step.state == "running"
        else step
        for step in state.steps
    )
    return msgspec.structs.replace(state, steps=steps, offers=())


def folded(events: Iterable[ev.Event]) -> WalkState:
    """Fold a whole journal."""
    return reduce(fold, events, WalkState())


def report_of(state: WalkState) -> Report:
    """Make the report of a walk that has its verdict.

    Raises:
        ValueError: the walk has not begun, or has no verdict yet.
    """
    if not (state.target and state.tool and state.host and state.verdict):
        message = "a report needs a walk that has begun and has its verdict"
        raise ValueError(message)
    return Report(
        tool=state.tool,
        host=state.host,
        target=state.target,
        role=state.role,
        origin=state.origin or msgspec.UNSET,
        client=state.client or msgspec.UNSET,
        error_line=state.error_line or msgspec.UNSET,
        started=state.started,
        seconds=round(state.seconds, 3),
        ended=state.ended or msgspec.UNSET,
        verdict=state.verdict,
        path=state.path,
        ports=ports_told(state.evidence),
        evidence=state.evidence,
    )


def state_of(report: Report) -> WalkState:
    """Make the state that a screen shows from a saved report."""
    return WalkState(
        target=report.target,
        tool=report.tool,
        host=report.host,
        role=report.role,
        origin=report.origin or None,
        client=report.client or "",
        error_line=report.error_line or None,
        started=report.started,
        seconds=report.seconds,
        path=report.path,
        evidence=report.evidence,
        verdict=report.verdict,
        ended=report.ended or "done",
    )
