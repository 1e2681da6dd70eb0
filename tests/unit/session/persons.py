"""Invented walks with a person who decides at each stop."""

from collections.abc import Callable, Iterable

import msgspec
import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Step
from layerwalk.probes.facts import Outcome, Target, TraceKind
from layerwalk.session import events as ev
from layerwalk.session.guided.decisions import Decision, Run, Skip, Switch
from layerwalk.session.report import Offer, Verdict
from layerwalk.session.state import WalkState
from tests.unit.session.invented import HEALTHY, TARGET, Invented, World

Patch = pytest.MonkeyPatch
Said = dict[str, Decision | list[Decision]]
Decide = Callable[[tuple[Offer, ...]], Iterable[Decision]]
T = samples.TARGET
GONE: World = {
    **HEALTHY,
    Step.ECHO: samples.echo(),
    Step.SYN: samples.syn(last_look=False),
    Step.SYN_AGAIN: samples.syn(),
    Step.CONNECT: samples.connect(Outcome.SILENT),
    Step.FLOWS: samples.flows(0, never=24),
    Step.FLOW_TRACE: samples.trace(),
    Step.CONTROL: samples.control(),
    Step.TRACE: samples.trace(samples.tries(TraceKind.ICMP, 2), samples.tries(TraceKind.SYN, 2)),
}
"""A world in which everything vanishes after the second hop."""


def runs(offers: tuple[Offer, ...]) -> list[Decision]:
    """Let everything run, and leave questions out."""
    first = offers[0]
    return [Run(first.step) if first.kind == "measurement" else Skip(first.step)]


def skips(offers: tuple[Offer, ...]) -> list[Decision]:
    return [Skip(offers[0].step)]


class Guided(Invented):
    """A walk in an invented world with a person who decides at each stop."""

    def __init__(
        self,
        patch: Patch,
        world: World,
        decide: Decide = runs,
        target: Target = TARGET,
        *,
        guided: bool = True,
    ) -> None:
        super().__init__(patch, world, target)
        self._decide = decide
        self.stops: list[tuple[Offer, ...]] = []
        self.walk._teller._listen = self.hear
        if guided:
            self.walk.decide(Switch(guided=True))

    def hear(self, event: ev.Event) -> None:
        self.journal.append(event)
        if isinstance(event, ev.StepsOffered) and event.offers:
            self.stops.append(event.offers)
            for decision in self._decide(event.offers):
                self.walk.decide(decision)

    def first(self) -> list[str]:
        return [offers[0].step for offers in self.stops]


def scripted(said: Said, then: Decide = runs) -> Decide:
    """Decide by the name of the first offer, each entry once; then as ever."""
    left = {step: it if isinstance(it, list) else [it] for step, it in said.items()}

    def decide(offers: tuple[Offer, ...]) -> Iterable[Decision]:
        name = offers[0].step.split()[0]
        return left.pop(name) if name in left else then(offers)

    return decide


def bare(verdict: Verdict | None) -> object:
    """A verdict without the numbers of its evidence, which depend on the order of measuring."""
    assert verdict
    found = msgspec.to_builtins(verdict)
    for part in (*found["causes"], *found["ruled_out"]):
        part["evidence"] = len(part["evidence"])
    return found


def entries(state: WalkState, status: str) -> list[str]:
    return [entry.finding for entry in state.evidence if entry.status == status]
