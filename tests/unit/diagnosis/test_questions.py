"""What a person is asked: when, with which answers, and that each speaks of causes that exist."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.open_steps import Ask, open_steps, to_measure
from layerwalk.diagnosis.questions.for_people import (
    ON_SERVER,
    OTHER_CLIENTS,
    QUESTIONS,
    SINCE_WHEN,
    SYN_ARRIVES,
    due,
)
from layerwalk.diagnosis.questions.of_steps import STEP_QUESTIONS
from layerwalk.diagnosis.questions.record import Question
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.probes.facts import AnswerKind, Fact, Outcome, PersonFact, Unmeasured
from tests.unit.diagnosis.facts import NAME, resolved
from tests.unit.diagnosis.views import walk

T = samples.TARGET
EVERY = (*QUESTIONS, *STEP_QUESTIONS.values())
NOT_BUILT_YET = {"accept-queue-full", "packet-loss", "resolver-degraded"}
"""Causes of the catalogue that an answer speaks of, whether or not they have a file already."""


def said(question: Question, answer: str) -> PersonFact:
    choice = question.choice(answer)
    assert choice
    return PersonFact(question=question.id, answer=answer, asked=question.text, said=choice.text)


@pytest.mark.parametrize("question", EVERY, ids=lambda one: one.id)
def test_answers_are_complete_and_speak_of_causes_that_exist(question: Question) -> None:
    known = {one.id for one in causes()} | NOT_BUILT_YET
    assert question.text.endswith("?")
    assert question.why.endswith(".")
    assert len({choice.id for choice in question.choices}) == len(question.choices)
    for choice in question.choices:
        assert choice.text.endswith(".")
        assert choice.proves.endswith(".")
        assert known.issuperset((*choice.favours, *choice.disfavours))
        assert not set(choice.favours) & set(choice.disfavours)


def test_every_measurement_can_be_answered_and_no_question_has_its_name() -> None:
    assert set(STEP_QUESTIONS) == set(Step)
    assert {one.id for one in QUESTIONS}.isdisjoint(STEP_QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
def test_a_person_may_not_know(question: Question) -> None:
    last = question.choices[-1]
    assert (last.favours, last.disfavours) == ((), ())


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ((), ()),
        (samples.healthy(), ()),
        ((samples.route(), samples.syn()), (OTHER_CLIENTS, SINCE_WHEN, ON_SERVER)),
        (
            (samples.route(), samples.connect(Outcome.SILENT)),
            (OTHER_CLIENTS, SINCE_WHEN, ON_SERVER),
        ),
        (
            (samples.route(), samples.syn(samples.answer(AnswerKind.RST))),
            (OTHER_CLIENTS, SINCE_WHEN),
        ),
    ],
)
def test_questions_are_due_where_something_fails(
    facts: tuple[Fact, ...], asked: tuple[Question, ...]
) -> None:
    assert due(walk(facts)) == asked


def test_a_name_that_has_no_address_is_asked_about() -> None:
    assert due(walk((resolved(outcome=Outcome.SILENT),), NAME)) == (OTHER_CLIENTS, SINCE_WHEN)


def test_a_silent_host_without_a_port_is_asked_about() -> None:
    facts = (samples.route(), samples.echo())
    assert due(walk(facts, port=None)) == (OTHER_CLIENTS, SINCE_WHEN)
    assert due(walk((samples.route(), samples.alive()), port=None)) == ()


@pytest.mark.parametrize(
    ("answer", "goes_on"), [("listens", True), ("no-listener", True), ("cannot-look", False)]
)
def test_who_can_look_inside_is_asked_whether_the_syn_arrives(
    answer: str, *, goes_on: bool
) -> None:
    facts = (samples.route(), samples.syn(), said(ON_SERVER, answer))
    assert (SYN_ARRIVES in due(walk(facts))) is goes_on


def test_questions_come_behind_the_measurements_and_once() -> None:
    facts: tuple[Fact, ...] = (samples.links(), samples.route(), samples.syn())
    found = open_steps(walk(facts))
    kinds = [isinstance(one, Ask) for one in found]
    assert kinds == sorted(kinds)
    assert [one.name for one in found][-3:] == ["other-clients", "since-when", "on-server"]
    answered = (*facts, said(OTHER_CLIENTS, "unsure"))
    assert "other-clients" not in [one.name for one in open_steps(walk(answered))]
    skipped = (*facts, Unmeasured(outcome=Outcome.NOT_RUN, name="since-when", at_layer=7))
    assert "since-when" not in [one.name for one in open_steps(walk(skipped))]


def test_what_is_under_way_is_not_offered_again() -> None:
    view = walk(())
    assert open_steps(view, {"links", "timers", "machine"}) == (Measure(Step.ROUTE, T),)
    assert to_measure(view, {"links", "timers", "machine", f"route {T}"}) == ()


def test_an_answer_in_place_of_the_first_look_lets_the_walk_go_on() -> None:
    syn = STEP_QUESTIONS[Step.SYN]
    answered = PersonFact(
        question=syn.id, answer="silent", asked=syn.text, said="Silence.", subject=T
    )
    skipped = Unmeasured(outcome=Outcome.NOT_RUN, name="syn", at_layer=4, subject=T)
    for fact in (answered, skipped):
        left = to_measure(walk((samples.links(), samples.route(), fact)))
        assert Measure(Step.SYN, T) not in left
        assert Measure(Step.TRACE, T) in left


def test_an_answer_reads_as_one() -> None:
    fact = said(OTHER_CLIENTS, "fails-everywhere")
    assert fact.outcome is Outcome.ANSWERED_BY_PERSON
    assert not fact.outcome.measured
    assert fact.finding.endswith("A person says: Yes: it fails from wherever it was tried.")
