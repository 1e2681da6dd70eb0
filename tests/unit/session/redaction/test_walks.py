"""Walks with a redaction: what is heard of them, event by event."""

import itertools

import msgspec
import pytest

from layerwalk.diagnosis.tree import Step
from layerwalk.probes.facts import Outcome, ResolveFact, Target
from layerwalk.session import events as ev
from layerwalk.session.options import Options
from layerwalk.session.redaction.structures import Redaction
from layerwalk.session.report import Offer, OfferedChoice
from layerwalk.session.state import folded
from layerwalk.session.walk import Walk
from tests.unit.session.invented import HEALTHY, Invented
from tests.unit.session.redaction.spellings import found_in
from tests.unit.session.reports import entry, faulty


def test_a_walk_is_redacted_before_anybody_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target("db.acme.test:5432", "db.acme.test", 5432)
    found = ResolveFact(outcome=Outcome.ANSWERED, name="db.acme.test", addresses=("198.51.100.10",))
    Invented(monkeypatch, {**HEALTHY, Step.RESOLVE: found})
    heard: list[ev.Event] = []
    options = Options(unprivileged=True, redact=Redaction())
    state = Walk(target, options, heard.append).run()
    journal = b"".join(map(ev.encode, heard)).decode()
    assert found_in(journal, ["acme", "198.51.100.10"]) == []
    assert folded(heard) == state
    assert {step.state for step in state.steps} == {"done"}
    assert len(state.steps) > 5


def test_a_step_that_is_called_like_a_host_ends_as_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Invented(monkeypatch, {})  # every measurement crashes
    target = Target("resolve.links:5432", "resolve.links", 5432)
    state = Walk(target, Options(unprivileged=True, redact=Redaction())).run()
    assert {step.state for step in state.steps} == {"done"}
    assert {step.id for step in state.steps} >= {"resolve", "links"}


def test_the_path_of_a_redacted_walk_grows_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Invented(monkeypatch, HEALTHY)
    plain.run()
    heard: list[ev.Event] = []
    Walk(
        Target("198.51.100.10:5432", "198.51.100.10", 5432),
        Options(unprivileged=True, redact=Redaction()),
        heard.append,
    ).run()
    lengths = [
        [len(it.path) for it in events if isinstance(it, ev.PathSeen)]
        for events in (plain.journal, heard)
    ]
    assert lengths[0] == lengths[1]
    paths = [it.path for it in heard if isinstance(it, ev.PathSeen)]
    addresses = itertools.chain.from_iterable(hop.addresses for hop in paths[-1])
    assert all(address.startswith("0.") for address in addresses)


def test_a_step_goes_by_one_name_in_all_events() -> None:
    step = "syn 198.51.100.10 5432"
    offer = Offer(
        step=step,
        kind="measurement",
        title="SYN",
        about="198.51.100.10",
        layer=4,
        asks="Does 198.51.100.10 answer?",
        why="it is next",
        packets=(1, 2),
        seconds=(0.0, 1.0),
        choices=(OfferedChoice(id="open", text="syn from 198.51.100.10", proves="it works"),),
    )
    found = entry("e1", "person", 7, "answered_by_person", "198.51.100.10 is up")
    events = (
        ev.StepsOffered(at_s=0.0, offers=(offer,)),
        ev.StepStarted(at_s=0.0, step=step, title="", layer=4, waits_for="", at_most_s=1.0),
        ev.StepNoted(at_s=0.0, step=step, title="", layer=4, evidence=found),
        ev.NoteTakenBack(at_s=0.0, step=step, note="e1"),
        ev.StepEnded(at_s=0.0, step=step, evidence=found),
    )
    redact = Redaction()
    redact(msgspec.structs.replace(faulty().host, name="syn"))
    shown = [redact(event) for event in events]
    assert found_in(b"".join(map(ev.encode, shown)).decode(), ["198.51.100.10"]) == []
    offered, *others = shown
    assert isinstance(offered, ev.StepsOffered)
    assert {getattr(it, "step", "") for it in [*offered.offers, *others]} == {"syn 0.0.1.1 5432"}
    assert (offered.offers[0].kind, offered.offers[0].choices[0].id) == ("measurement", "open")
