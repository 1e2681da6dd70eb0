"""Walks whose measurements are invented: a table of plans that brings facts from a list."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fact, Target
from layerwalk.session import events as ev
from layerwalk.session import walk
from layerwalk.session.findings import Findings
from layerwalk.session.options import Options
from layerwalk.session.state import WalkState
from layerwalk.session.steps import Plan
from layerwalk.session.telling import Teller
from layerwalk.session.walk import Walk

Run = Callable[[Measure, WalkView, ProbeContext], Fact]
World = Mapping[Step, Fact | Run]

TARGET = Target("198.51.100.10:5432", samples.TARGET, samples.PORT)
LINKS, ROUTE, NEXT_HOP, ECHO, SYN, CONNECT, TRACE = samples.healthy()
HEALTHY: World = {
    Step.LINKS: LINKS,
    Step.ROUTE: ROUTE,
    Step.NEIGHBOUR: NEXT_HOP,
    Step.ECHO: ECHO,
    Step.SYN: SYN,
    Step.CONNECT: CONNECT,
    Step.TRACE: TRACE,
}


def plan(step: Step, brings: Fact | Run | None) -> Plan:
    def run(measure: Measure, view: WalkView, ctx: ProbeContext) -> Fact:
        if brings is None:
            raise LookupError(f"no fact for {step}")
        return brings if isinstance(brings, Fact) else brings(measure, view, ctx)

    return Plan(str(step).title(), 3, "its answer", 1.0, run)


class Uncounted:
    """Counts nothing: an invented machine has no counters."""

    def end(self, _findings: Findings, _teller: Teller) -> None:
        """Add nothing to the evidence."""


class Invented:
    """A walk through a world; its journal is every event that it emits."""

    def __init__(
        self, patch: pytest.MonkeyPatch, world: World, target: Target = TARGET, budget_s: float = 30
    ) -> None:
        patch.setattr(walk, "PLANS", {step: plan(step, world.get(step)) for step in Step})
        patch.setattr(walk, "OwnCounts", Uncounted)
        self.journal: list[ev.Event] = []
        options = Options(budget_s=budget_s, unprivileged=True)
        self.walk = Walk(target, options, self.journal.append)

    def run(self) -> WalkState:
        return self.walk.run()

    def names(self) -> Sequence[str]:
        return [type(event).__name__ for event in self.journal]

    def started(self) -> list[str]:
        return [event.step for event in self.journal if isinstance(event, ev.StepStarted)]
