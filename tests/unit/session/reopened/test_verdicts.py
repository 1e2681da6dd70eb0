"""A walk that broke off anywhere has a verdict by what it had measured, and says so."""

import msgspec
import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import Step
from layerwalk.probes.facts import Evidence, Outcome, PersonFact, TraceKind
from layerwalk.session import events as ev
from layerwalk.session.entries import entry_of
from layerwalk.session.reopened.facts import evidence_of
from layerwalk.session.reopened.verdicts import Fate, completed
from layerwalk.session.report import Offer
from layerwalk.session.state import folded, report_of, state_of
from tests.unit.diagnosis.facts import POOL
from tests.unit.session.invented import HEALTHY, Invented

DROPPED = {
    **HEALTHY,
    Step.SYN: samples.syn(),
    Step.SYN_AGAIN: samples.syn(),
    Step.CONNECT: samples.connect(Outcome.SILENT),
    Step.FLOWS: samples.flows(0, never=24),
    Step.FLOW_TRACE: samples.trace(),
    Step.CONTROL: samples.control(),
    Step.TRACE: samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
}


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> list[ev.Event]:
    invented = Invented(monkeypatch, DROPPED)
    invented.run()
    return invented.journal


def test_the_same_facts_lead_to_the_same_causes(journal: list[ev.Event]) -> None:
    whole = folded(journal)
    before = [it for it in journal if not isinstance(it, ev.VerdictReached | ev.WalkEnded)]
    again = completed(folded(before), Fate.BROKEN_OFF)
    assert whole.verdict
    assert again.verdict
    assert again.verdict.causes == whole.verdict.causes != ()
    assert again.verdict.ruled_out == whole.verdict.ruled_out
    assert again.verdict.summary.endswith(whole.verdict.summary)
    assert again.path == whole.path


def test_wherever_it_broke_off_it_says_so(journal: list[ev.Event]) -> None:
    for count in range(1, len(journal) - 2):
        state = completed(folded(journal[:count]), Fate.BROKEN_OFF)
        assert state.verdict
        assert state.verdict.summary.startswith("The walk broke off after ")
        assert state.ended == "broken-off"
        assert state_of(report_of(state)).ended == "broken-off"


def test_before_the_first_measurement_there_is_none(journal: list[ev.Event]) -> None:
    state = completed(folded(journal[:2]), Fate.BROKEN_OFF)
    assert state.verdict
    assert (state.verdict.outcome, state.verdict.causes) == ("inconclusive", ())
    assert "nothing, so there is no verdict" in state.verdict.summary


def test_a_walk_that_broke_off_waits_for_nobody(journal: list[ev.Event]) -> None:
    offer = Offer(
        step="echo",
        kind="measurement",
        title="Echo",
        about="",
        layer=3,
        asks="",
        why="",
        packets=(1, 3),
        seconds=(0.0, 1.0),
        choices=(),
    )
    waiting = folded([journal[0], ev.StepsOffered(at_s=1.0, offers=(offer,))])
    assert waiting.offers
    assert completed(waiting, Fate.BROKEN_OFF).offers == ()


def test_an_answer_counts_when_the_walk_broke_off(journal: list[ev.Event]) -> None:
    """A person's word comes back as the fact that it was."""
    said = next(fact for fact in POOL if isinstance(fact, PersonFact))
    entry = entry_of(Evidence(id="e99", fact=said, step=said.question))
    noted = ev.StepNoted(at_s=9.0, step=said.question, title="", layer=7, evidence=entry)
    state = folded([*journal[:-2], noted])
    assert [it.fact for it in evidence_of(state) if it.id == "e99"] == [said]
    verdict = completed(state, Fate.BROKEN_OFF).verdict
    assert verdict
    assert verdict.summary.startswith("The walk broke off after 9.0 s")


def test_a_verdict_that_is_there_stays(journal: list[ev.Event]) -> None:
    whole = folded(journal)
    assert completed(whole, Fate.ENDED) == whole
    assert completed(folded(journal[:-1]), Fate.BROKEN_OFF).verdict == whole.verdict


def test_facts_that_break_a_judge_leave_no_verdict(journal: list[ev.Event]) -> None:
    (route,) = [
        it for it in journal if isinstance(it, ev.StepEnded) and it.evidence.probe == "route"
    ]
    data = {**route.evidence.data, "source": "none", "address": "no address"}
    evidence = msgspec.structs.replace(route.evidence, data=data)
    broken = msgspec.structs.replace(route, evidence=evidence)
    begun = msgspec.structs.replace(journal[0])
    assert isinstance(begun, ev.WalkStarted)
    target = msgspec.structs.replace(begun.target, host="\x1b[31m", addresses=("no address",))
    begun = msgspec.structs.replace(begun, target=target)
    state = completed(folded([begun, broken]), Fate.BROKEN_OFF)
    assert state.verdict
    assert state.verdict.outcome == "inconclusive"
