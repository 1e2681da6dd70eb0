"""Walks that go nowhere: each ends with a verdict that the test chose."""

import threading
from collections.abc import Callable

import msgspec

from layerwalk.probes.facts import Target
from layerwalk.session import events as ev
from layerwalk.session.guided.decisions import Decision
from layerwalk.session.report import Ending, Report, TargetEntry
from layerwalk.session.state import WalkState, fold
from layerwalk.tui.walking import Begin, Listener


def entry(target: Target) -> TargetEntry:
    return TargetEntry(input=target.input, host=target.host, port=target.port, scheme=target.scheme)


class Scripted:
    """A walk that plays a report back; ``on_run`` happens after its first step has begun."""

    def __init__(self, report: Report, listen: Listener, on_run: Callable[[], None]) -> None:
        self.stopped = threading.Event()
        self._report = report
        self._listen = listen
        self._on_run = on_run
        self._state = WalkState()

    def run(self) -> WalkState:
        self._hear(self._began())
        self._hear(
            ev.StepStarted(
                at_s=0.1,
                step="syn",
                title="a SYN\x1b[31m",
                layer=4,
                waits_for="its answer",
                at_most_s=3.0,
            )
        )
        self._on_run()
        for found in self._report.evidence:
            self._hear(ev.StepEnded(at_s=1.0, step="syn", evidence=found))
        self._hear(ev.VerdictReached(at_s=2.0, verdict=self._report.verdict))
        reason: Ending = "interrupted" if self.stopped.is_set() else "done"
        self._hear(ev.WalkEnded(at_s=2.0, reason=reason))
        return self._state

    def stop(self, reason: str = "interrupted") -> None:
        assert reason == "interrupted"
        self.stopped.set()

    def decide(self, decision: Decision) -> None:
        raise AssertionError(decision)

    def _began(self) -> ev.WalkStarted:
        report = self._report
        return ev.WalkStarted(
            at_s=0.0,
            target=report.target,
            tool=report.tool,
            host=report.host,
            role=report.role,
            started=report.started,
            budget_s=30.0,
        )

    def _hear(self, event: ev.Event) -> None:
        self._state = fold(self._state, event)
        self._listen(event)


def nothing() -> None:
    """Do nothing."""


def playing(*reports: Report, on_run: Callable[[], None] = nothing) -> Begin:
    """Give what begins scripted walks, one report after another."""
    left = list(reports)

    def begin(target: Target, listen: Listener) -> Scripted:
        report = msgspec.structs.replace(left.pop(0), target=entry(target))
        return Scripted(report, listen, on_run)

    return begin
