"""Guided walks: what is offered, what each decision does, and that the verdict is the same."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fact, Outcome
from layerwalk.session import events as ev
from layerwalk.session.guided.decisions import Answer, Back, Choose, Decision, Run, Skip, Switch
from layerwalk.session.report import Offer
from layerwalk.session.state import folded, report_of
from tests.unit.diagnosis.facts import fitting
from tests.unit.session.invented import HEALTHY, Invented, World
from tests.unit.session.persons import (
    GONE,
    Guided,
    Patch,
    Said,
    T,
    bare,
    entries,
    runs,
    scripted,
    skips,
)


@pytest.mark.parametrize("world", [HEALTHY, GONE])
def test_guided_and_auto_end_in_the_same_verdict(monkeypatch: Patch, world: World) -> None:
    by_itself = Invented(monkeypatch, world).run()
    guided = Guided(monkeypatch, world)
    state = guided.run()
    assert bare(state.verdict) == bare(by_itself.verdict)
    assert len(guided.started()) == len(set(guided.started()))
    assert folded(guided.journal) == state == guided.walk.state
    assert (state.guided, state.offers, state.ended) == (True, (), "done")


def test_one_step_runs_at_a_time_and_each_is_offered_first(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, HEALTHY)
    guided.run()
    under_way: set[str] = set()
    for event in guided.journal:
        if isinstance(event, ev.StepStarted):
            assert not under_way
            under_way.add(event.step)
        elif isinstance(event, ev.StepEnded):
            under_way.remove(event.step)
        elif isinstance(event, ev.StepsOffered):
            assert not under_way
    assert guided.first()[:3] == ["links", "timers", f"route {T}"]
    assert guided.started() == guided.first()


def test_an_offer_says_what_it_asks_why_at_what_cost_and_what_it_proves(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, GONE)
    guided.run()
    for offer in {offer.step: offer for offers in guided.stops for offer in offers}.values():
        assert offer.asks.endswith("?")
        assert offer.why
        assert len(offer.choices) >= 2
        assert all(choice.proves for choice in offer.choices)
        assert (offer.kind == "question") is (offer.seconds[1] == 0)
        assert "PORT" not in offer.asks


def test_everything_skipped_is_inconclusive(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, GONE, skips)
    state = guided.run()
    assert state.verdict
    assert state.verdict.outcome == "inconclusive"
    assert guided.started() == []
    assert {entry.status for entry in state.evidence} == {"not_run"}
    assert report_of(state).evidence == state.evidence


def test_an_answer_is_evidence_and_moves_the_ranking(monkeypatch: Patch) -> None:
    answer: Said = {"since-when": Answer("since-when", "rules-changed")}
    state = Guided(monkeypatch, GONE, scripted(answer)).run()
    assert state.verdict
    first, second = state.verdict.causes[:2]
    assert (first.id, first.relation, first.confidence) == ("firewall-drop", "explains", "likely")
    assert (second.id, second.relation) == ("path-blackhole", "alternative")
    (said,) = (entry for entry in state.evidence if entry.status == "answered_by_person")
    assert said.id in first.evidence
    assert "firewall rules or security groups" in said.finding
    assert (said.probe, said.data["answer"]) == ("person", "rules-changed")


def test_an_outcome_given_by_a_person_is_not_measured(monkeypatch: Patch) -> None:
    name = f"echo {T}"
    guided = Guided(monkeypatch, GONE, scripted({"echo": Answer(name, "answers")}))
    state = guided.run()
    assert name not in guided.started()
    (step,) = (step for step in state.steps if step.id == name)
    assert (step.status, step.layer, step.title) == ("answered_by_person", 3, "Echo")
    assert step.finding.endswith("A person says: It answers.")


def test_another_branch_comes_first_and_the_rest_stays_open(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, HEALTHY, scripted({"links": Choose(f"route {T}")}))
    guided.run()
    assert guided.started()[:2] == [f"route {T}", "links"]


def test_a_skip_is_taken_back(monkeypatch: Patch) -> None:
    decisions: Said = {"links": Skip("links"), "timers": Back()}
    guided = Guided(monkeypatch, HEALTHY, scripted(decisions))
    state = guided.run()
    assert guided.first()[:3] == ["links", "timers", "links"]
    assert state.evidence[0].id == "e2"
    assert entries(state, "not_run") == []
    assert [step.id for step in state.steps].count("links") == 1
    assert state.verdict
    assert state.verdict.outcome == "healthy"


def test_an_answer_is_taken_back(monkeypatch: Patch) -> None:
    said: Said = {
        "other-clients": Answer("other-clients", "fails-everywhere"),
        "since-when": Back(),
    }
    guided = Guided(monkeypatch, GONE, scripted(said))
    state = guided.run()
    assert entries(state, "answered_by_person") == []
    assert guided.first().count("other-clients") == 2


def test_a_choice_is_taken_back(monkeypatch: Patch) -> None:
    chosen: Said = {"links": Choose("timers"), "timers": Back()}
    guided = Guided(monkeypatch, HEALTHY, scripted(chosen))
    guided.run()
    assert guided.first()[:3] == ["links", "timers", "links"]


def test_a_measurement_stays_and_may_be_made_again(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, HEALTHY, scripted({"timers": [Back(), Run("links")]}))
    state = guided.run()
    assert guided.started()[:2] == ["links", "links"]
    assert [entry.probe for entry in state.evidence][:2] == ["links", "links"]
    assert any(offers[0].again for offers in guided.stops) or len(guided.started()) > 2


def test_a_measurement_that_is_not_made_again_stays_as_it_was(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, HEALTHY, scripted({"timers": Back()}, then=_leaving_again))
    state = guided.run()
    (again,) = [offers[0] for offers in guided.stops if offers[0].again]
    assert (again.step, guided.started().count("links")) == ("links", 1)
    assert entries(state, "not_run") == []


def _leaving_again(offers: tuple[Offer, ...]) -> list[Decision]:
    return [Skip(offers[0].step)] if offers[0].again else runs(offers)


@pytest.mark.parametrize(
    "vain",
    [Run("nothing"), Skip("nothing"), Answer("links", "nothing"), Choose("nothing"), Back()],
)
def test_a_decision_about_nothing_does_nothing(monkeypatch: Patch, vain: Decision) -> None:
    guided = Guided(monkeypatch, HEALTHY, scripted({"links": [vain, Run("links")]}))
    state = guided.run()
    assert state.verdict
    assert state.verdict.outcome == "healthy"
    assert guided.started()[0] == "links"


def test_a_question_can_not_be_run(monkeypatch: Patch) -> None:
    asked: Said = {"other-clients": [Run("other-clients"), Skip("other-clients")]}
    guided = Guided(monkeypatch, GONE, scripted(asked))
    guided.run()
    assert "other-clients" not in guided.started()


@pytest.mark.parametrize("world", [HEALTHY, GONE])
def test_a_walk_may_go_on_by_itself(monkeypatch: Patch, world: World) -> None:
    by_itself = Invented(monkeypatch, world).run()
    guided = Guided(monkeypatch, world, scripted({"route": Switch(guided=False)}))
    state = guided.run()
    assert bare(state.verdict) == bare(by_itself.verdict)
    assert guided.first() == ["links", "timers", f"route {T}"]
    assert not state.guided


def test_a_walk_by_itself_may_go_on_guided(monkeypatch: Patch) -> None:
    walks: list[Guided] = []

    def route(_measure: Measure, _view: WalkView, _ctx: ProbeContext) -> Fact:
        walks[0].walk.decide(Switch(guided=True))
        fact = HEALTHY[Step.ROUTE]
        assert isinstance(fact, Fact)
        return fact

    by_itself = Invented(monkeypatch, HEALTHY).run()
    walks.append(Guided(monkeypatch, {**HEALTHY, Step.ROUTE: route}, guided=False))
    state = walks[0].run()
    assert state.guided
    assert walks[0].first()[0] == f"neighbour {T}"
    assert bare(state.verdict) == bare(by_itself.verdict)


def test_what_is_in_vain_is_noted_and_not_offered(monkeypatch: Patch) -> None:
    dead: World = {**GONE, Step.NEIGHBOUR: samples.neighbour(Outcome.SILENT)}
    guided = Guided(monkeypatch, dead)
    state = guided.run()
    assert f"echo {T}" not in guided.first()
    assert state.verdict
    cause = state.verdict.causes[0]
    assert (cause.id, cause.confidence) == ("gateway-unreachable", "certain")
    assert any("could change nothing" in finding for finding in entries(state, "cancelled"))


def _veiled(event: ev.Event) -> ev.Event:
    return ev.decode(ev.encode(event).replace(T.encode(), b"192.0.2.77"))


def test_a_redacted_walk_is_decided_by_the_names_that_it_shows(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, GONE)
    monkeypatch.setattr(guided.walk._teller, "_redact", _veiled)
    state = guided.run()
    assert all(T not in name for name in guided.first())
    assert guided.started() == [name for name in guided.first() if name in guided.started()]
    assert state.verdict
    assert state.verdict.outcome == "fault"


def test_stopping_ends_the_waiting(monkeypatch: Patch) -> None:
    offered = threading.Event()

    def thinks(_offers: tuple[Offer, ...]) -> list[Decision]:
        offered.set()
        return []

    guided = Guided(monkeypatch, HEALTHY, thinks)
    thread = threading.Thread(target=guided.run)
    thread.start()
    assert offered.wait(10)
    guided.walk.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert (guided.walk.state.ended, guided.walk.state.offers) == ("interrupted", ())


def test_a_person_who_thinks_does_not_use_up_the_budget(monkeypatch: Patch) -> None:
    guided = Guided(monkeypatch, HEALTHY)
    gate, teller = guided.walk._gate, guided.walk._teller
    waited = gate.wait
    monkeypatch.setattr(teller, "now", lambda: 1000.0 * len(guided.stops))

    def wait() -> bool:
        there_is = waited()
        gate.thought_s = 1000.0 * len(guided.stops)
        return there_is

    monkeypatch.setattr(gate, "wait", wait)
    assert guided.run().ended == "done"


def test_the_journal_tells_a_guided_walk_again(monkeypatch: Patch) -> None:
    said: Said = {
        "links": Skip("links"),
        "timers": [Back(), Choose("timers")],
        "since-when": Answer("since-when", "never-worked"),
    }
    guided = Guided(monkeypatch, GONE, scripted(said))
    state = guided.run()
    names = set(guided.names())
    assert {"ModeChanged", "StepsOffered", "StepNoted", "NoteTakenBack"} <= names
    assert folded(ev.decode(ev.encode(event)) for event in guided.journal) == state


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_decisions_in_any_world_come_to_an_end(monkeypatch: Patch, data: st.DataObject) -> None:
    world = {step: data.draw(st.sampled_from(fitting(Measure(step)))) for step in Step}
    moves = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=25))

    def decide(offers: tuple[Offer, ...]) -> list[Decision]:
        kind, which = moves.pop() if moves else (1, 0)
        offer = offers[which % len(offers)]
        choice = offer.choices[which % len(offer.choices)].id
        usual: list[Decision] = [Run(offer.step), Skip(offer.step), Answer(offer.step, choice)]
        odd: list[Decision] = [Choose(offer.step), Back(), Switch(guided=False)]
        return [[*usual, *odd][kind], Skip(offers[0].step)]

    guided = Guided(monkeypatch, world, decide)
    state = guided.run()
    assert state.verdict
    assert folded(guided.journal) == state
    assert len({entry.id for entry in state.evidence}) == len(state.evidence)
