"""Whole walks, drawn at random: any open step next, measured, skipped or answered."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.leaning import question_of
from layerwalk.diagnosis.open_steps import Ask, Open, open_steps
from layerwalk.diagnosis.questions.of_steps import STEP_QUESTIONS
from layerwalk.diagnosis.questions.record import Question
from layerwalk.diagnosis.tree import Measure, Step, needless
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    Evidence,
    Fact,
    NeighbourFact,
    Outcome,
    PersonFact,
    Role,
    Standpoint,
    Target,
)
from tests.unit.diagnosis.strategies import TARGETS, facts, parts, without


def every_measure(address: str = samples.TARGET) -> tuple[Measure, ...]:
    """One measurement of each step."""
    machine = {Step.MACHINE, Step.MACHINE_AGAIN, Step.PROCESS, Step.PROCESS_AGAIN}
    free = {Step.LINKS, Step.TIMERS, Step.ENVIRONMENT, Step.RESOLVE, *machine}
    ports = {Step.CONTROL_TRACE: 443}
    return tuple(
        Measure(step) if step in free else Measure(step, address, ports.get(step)) for step in Step
    )


def question_at(step: Open) -> Question:
    """The question that a step puts, to the network or to the person."""
    return step.question if isinstance(step, Ask) else STEP_QUESTIONS[step.step]


def skip(step: Open) -> Fact:
    """What a walk notes where a person skips a step."""
    return without(step, Outcome.NOT_RUN)


def answers(step: Open) -> SearchStrategy[Fact]:
    """A person's answer to a step, of a choice that it has or of one that it has not."""
    question, (name, about) = question_at(step), parts(step)
    assert question_of(question.id) is question
    return st.builds(
        PersonFact,
        question=st.just(name),
        answer=st.sampled_from([*(one.id for one in question.choices), "odd"]),
        asked=st.just(question.text),
        said=st.just("so it is"),
        subject=st.just(about),
    )


@dataclass(frozen=True)
class Journey:
    """A walk that has come to its end: the target, and its evidence in the order of coming."""

    target: Target
    evidence: tuple[Evidence, ...]
    standpoint: Standpoint

    @property
    def view(self) -> WalkView:
        """All that is known at its end."""
        return WalkView(self.target, self.evidence, standpoint=self.standpoint)

    def without(self, place: int) -> WalkView:
        """What would be known without one of its facts."""
        left = (*self.evidence[:place], *self.evidence[place + 1 :])
        return WalkView(self.target, left, standpoint=self.standpoint)


MOST_STEPS = 80
"""More steps than any walk of these targets has."""


@st.composite
def journeys(draw: st.DrawFn, *, people: bool = True) -> Journey:
    """Draw a walk to its end: any open step next, measured, skipped or answered, as it comes."""
    target, stood = draw(TARGETS), Standpoint(role=draw(st.sampled_from(Role)))

    def view() -> WalkView:
        return WalkView(target, evidence, standpoint=stood)

    evidence: tuple[Evidence, ...] = ()
    while left := open_steps(view()):
        asked = left if people else tuple(one for one in left if isinstance(one, Measure))
        if not asked:
            break
        step = draw(st.sampled_from(asked))
        vain = step in set(needless(view()))
        fact = without(step, Outcome.CANCELLED) if vain else draw(_brought(step, people=people))
        if _breaks_the_law(fact, view()):
            fact = without(step, Outcome.CANCELLED)
        number = f"e{len(evidence) + 1}"
        evidence += (Evidence(id=number, fact=fact, step=step.name, vain=vain),)
        assert len(evidence) <= MOST_STEPS
    return Journey(target, evidence, stood)


def _breaks_the_law(fact: Fact, view: WalkView) -> bool:
    """Whether a next hop is silent that has let answers through already: no network does that."""
    silent = isinstance(fact, NeighbourFact) and fact.outcome is Outcome.SILENT
    return silent and any(not host.heard_nothing for host in view.hosts)


def _brought(step: Open, *, people: bool) -> SearchStrategy[Fact]:
    if isinstance(step, Ask):
        return answers(step) | st.just(skip(step))
    if not people:
        return facts(step)
    return facts(step) | facts(step) | answers(step) | st.just(skip(step))
