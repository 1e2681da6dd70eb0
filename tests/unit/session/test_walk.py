"""One walk: what it starts, what it survives, when it ends, and what it has said by then."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    AnswerKind,
    EchoFact,
    Fact,
    Outcome,
    ResolveFact,
    RouteFact,
    RouteKind,
    SynFact,
    Target,
    TraceKind,
)
from layerwalk.session import events as ev
from layerwalk.session.json_form import to_json
from layerwalk.session.report import from_json
from layerwalk.session.schema import shipped_schema
from layerwalk.session.state import WalkState, folded, report_of
from tests.unit.diagnosis.facts import fitting
from tests.unit.session.invented import HEALTHY, TARGET, Invented, World

Patch = pytest.MonkeyPatch
NAME = Target("db.lab.test:5432", "db.lab.test", 5432)
OTHER = "203.0.113.99"


def crash(_measure: Measure, _view: WalkView, _ctx: ProbeContext) -> Fact:
    raise ValueError("an odd answer")


class Patient:
    """A probe that measures until it is told to stop."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    def __call__(self, measure: Measure, _view: WalkView, ctx: ProbeContext) -> Fact:
        self.begun.set()
        stopped = ctx.cancel.wait(30)
        outcome = Outcome.CANCELLED if stopped else Outcome.SILENT
        return EchoFact(outcome=outcome, address=measure.address)


def evidence(state: WalkState, probe: str) -> list[str]:
    return [entry.status for entry in state.evidence if entry.probe == probe]


def outcome(state: WalkState) -> str:
    assert state.verdict
    return state.verdict.outcome


def test_a_healthy_world_is_told_so(monkeypatch: Patch) -> None:
    state = Invented(monkeypatch, {**HEALTHY, Step.PATH_MTU: crash}).run()
    assert outcome(state) == "healthy"
    assert state.ended == "done"
    assert state.host
    assert not state.host.privileges.raw


def test_events_come_in_their_order(monkeypatch: Patch) -> None:
    invented = Invented(monkeypatch, HEALTHY)
    invented.run()
    names = invented.names()
    assert names[0] == "WalkStarted"
    assert names[-2:] == ["VerdictReached", "WalkEnded"]
    assert all(one.at_s <= other.at_s for one, other in pairwise(invented.journal))
    begun: set[str] = set()
    for event in invented.journal:
        if isinstance(event, ev.StepStarted):
            assert event.step not in begun
            begun.add(event.step)
        elif isinstance(event, ev.StepEnded):
            begun.remove(event.step)
    assert not begun


def test_the_state_is_its_journal_folded(monkeypatch: Patch) -> None:
    invented = Invented(monkeypatch, HEALTHY)
    state = invented.run()
    assert folded(invented.journal) == state == invented.walk.state
    read_back = [ev.decode(ev.encode(event)) for event in invented.journal]
    assert folded(read_back) == state


def test_steps_are_asked_once_and_by_name(monkeypatch: Patch) -> None:
    invented = Invented(monkeypatch, HEALTHY)
    state = invented.run()
    started = invented.started()
    assert len(started) == len(set(started))
    assert started[:3] == ["links", "timers", f"route {samples.TARGET}"]
    assert [entry.id for entry in state.evidence] == [f"e{n}" for n, _ in enumerate(started, 1)]
    assert {step.evidence for step in state.steps} == {entry.id for entry in state.evidence}
    assert state.running == ()


def test_a_probe_that_crashes_is_evidence_and_the_walk_goes_on(monkeypatch: Patch) -> None:
    state = Invented(monkeypatch, {**HEALTHY, Step.ECHO: crash, Step.NEIGHBOUR: crash}).run()
    assert (evidence(state, "echo"), evidence(state, "neighbour")) == (["failed"], ["failed"])
    assert evidence(state, "connect") == ["answered"]
    entry = next(entry for entry in state.evidence if entry.probe == "echo")
    assert (entry.layer, entry.finding) == (3, f"echo {samples.TARGET}: ValueError: an odd answer")
    assert "Traceback" in entry.data["detail"]
    assert outcome(state) == "healthy"


@pytest.mark.parametrize("step", [Step.LINKS, Step.ROUTE, Step.SYN, Step.CONNECT, Step.TRACE])
def test_whatever_crashes_there_is_a_verdict(monkeypatch: Patch, step: Step) -> None:
    state = Invented(monkeypatch, {**HEALTHY, step: crash}).run()
    assert state.verdict
    assert state.ended == "done"
    assert state.verdict.outcome != "fault"


def test_a_look_up_that_crashes_ends_the_walk(monkeypatch: Patch) -> None:
    state = Invented(monkeypatch, {**HEALTHY, Step.RESOLVE: crash}, NAME).run()
    assert (outcome(state), state.ended) == ("inconclusive", "done")


def test_it_can_be_stopped_from_another_thread(monkeypatch: Patch) -> None:
    patient = Patient()
    invented = Invented(monkeypatch, {**HEALTHY, Step.ECHO: patient, Step.SYN: samples.syn()})
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(invented.run)
        assert patient.begun.wait(30)
        invented.walk.stop()
        invented.walk.stop("budget")
        state = running.result(30)
    assert state.ended == "interrupted"
    assert evidence(state, "echo") == ["cancelled"]
    assert all(step.state == "done" for step in state.steps)
    assert state.verdict
    assert isinstance(invented.journal[-1], ev.WalkEnded)


def test_stopped_before_it_began_it_measures_nothing(monkeypatch: Patch) -> None:
    invented = Invented(monkeypatch, HEALTHY)
    invented.walk.stop()
    state = invented.run()
    assert (invented.started(), state.ended) == ([], "interrupted")
    assert outcome(state) == "inconclusive"


def test_after_a_stop_nothing_new_begins(monkeypatch: Patch) -> None:
    stops: list[Callable[[], None]] = []

    def stopping(_measure: Measure, _view: WalkView, _ctx: ProbeContext) -> Fact:
        stops[0]()
        return samples.links()

    invented = Invented(monkeypatch, {**HEALTHY, Step.LINKS: stopping, Step.ROUTE: stopping})
    stops.append(invented.walk.stop)
    state = invented.run()
    assert set(invented.started()) <= {"links", "timers", f"route {samples.TARGET}", "machine"}
    assert state.ended == "interrupted"


def test_the_budget_ends_it_with_what_it_has(monkeypatch: Patch) -> None:
    state = Invented(monkeypatch, {**HEALTHY, Step.ECHO: Patient()}, budget_s=0.5).run()
    assert state.ended == "budget"
    assert evidence(state, "echo") in ([], ["cancelled"])
    assert state.verdict


def test_what_has_become_needless_is_stopped(monkeypatch: Patch) -> None:
    world = {
        **HEALTHY,
        Step.ECHO: Patient(),
        Step.SYN: samples.syn(samples.answer(AnswerKind.RST)),
        Step.CONNECT: samples.connect(Outcome.REFUSED, "ECONNREFUSED"),
    }
    state = Invented(monkeypatch, world).run()
    assert (evidence(state, "echo"), state.ended) == (["cancelled"], "done")
    assert state.verdict
    assert state.verdict.causes[0].id == "port-closed"


def test_a_path_is_shown_while_it_grows(monkeypatch: Patch) -> None:
    whole = samples.trace(samples.tries(TraceKind.ICMP, 4))

    def growing(_measure: Measure, _view: WalkView, ctx: ProbeContext) -> Fact:
        ctx.progress(replace(whole, tries=whole.tries[:2]))
        ctx.progress(samples.links())
        return whole

    invented = Invented(monkeypatch, {**HEALTHY, Step.TRACE: growing})
    state = invented.run()
    seen = [event for event in invented.journal if isinstance(event, ev.PathSeen)]
    assert [len(event.path) for event in seen] == [2, 4]
    assert (state.path_to, state.path) == (samples.TARGET, seen[-1].path)
    assert [row.addresses for row in state.path] == [
        (a,) for a in (*samples.ROUTERS, samples.TARGET)
    ]


def address_facts(measure: Measure, _view: WalkView, _ctx: ProbeContext) -> Fact:
    """Two addresses: the first takes the connection, at the other nothing listens."""
    open_there = measure.address == samples.TARGET
    if measure.step is Step.ROUTE:
        return samples.route(destination=measure.address)
    if measure.step is Step.CONNECT:
        fact = samples.connect() if open_there else samples.connect(Outcome.REFUSED, "ECONNREFUSED")
        return replace(fact, address=measure.address)
    if measure.step is Step.SYN:
        kind = AnswerKind.SYN_ACK if open_there else AnswerKind.RST
        return replace(samples.syn(samples.answer(kind, measure.address)), address=measure.address)
    if measure.step is Step.ECHO:
        reply = samples.answer(AnswerKind.ECHO_REPLY, measure.address)
        return replace(samples.echo(reply), address=measure.address)
    tries = samples.trace(samples.tries(TraceKind.ICMP, 3, asked=3))
    return replace(tries, address=measure.address)


def test_every_address_of_a_name_is_walked(monkeypatch: Patch) -> None:
    found = ResolveFact(outcome=Outcome.ANSWERED, name=NAME.host, addresses=(samples.TARGET, OTHER))
    asked = (Step.ROUTE, Step.ECHO, Step.SYN, Step.CONNECT, Step.TRACE)
    world: World = {
        Step.LINKS: samples.links(),
        Step.RESOLVE: found,
        **dict.fromkeys(asked, address_facts),
    }
    invented = Invented(monkeypatch, world, NAME)
    state = invented.run()
    assert state.target
    assert state.target.addresses == (samples.TARGET, OTHER)
    assert {f"connect {samples.TARGET}", f"connect {OTHER}"} <= set(invented.started())
    assert state.verdict
    assert state.verdict.causes[0].where["address"] == OTHER
    assert state.path_to == OTHER


def test_its_report_reads_back_and_keeps_to_the_schema(monkeypatch: Patch) -> None:
    report = report_of(Invented(monkeypatch, HEALTHY).run())
    written = to_json(report)
    assert from_json(written) == report
    jsonschema.validate(json.loads(written), shipped_schema())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data(), st.sampled_from([TARGET, NAME, replace(TARGET, port=None)]))
def test_any_world_comes_to_a_report(
    monkeypatch: Patch, data: st.DataObject, target: Target
) -> None:
    world = {step: data.draw(st.sampled_from(fitting(Measure(step)))) for step in Step}
    invented = Invented(monkeypatch, world, target)
    state = invented.run()
    assert folded(invented.journal) == state
    written = to_json(report_of(state))
    assert from_json(written) == report_of(state)
    jsonschema.validate(json.loads(written), shipped_schema())


def test_a_world_without_a_way_out_sends_nothing(monkeypatch: Patch) -> None:
    route = RouteFact(
        outcome=Outcome.UNREACHABLE,
        destination=samples.TARGET,
        kind=RouteKind.NONE,
        errno="ENETUNREACH",
    )
    invented = Invented(monkeypatch, {**HEALTHY, Step.ROUTE: route})
    state = invented.run()
    assert invented.started() == ["links", "timers", f"route {samples.TARGET}", "machine"]
    assert state.verdict
    assert state.verdict.causes[0].id == "no-route"
    assert not isinstance(HEALTHY[Step.SYN], RouteFact)
    assert isinstance(HEALTHY[Step.SYN], SynFact)
