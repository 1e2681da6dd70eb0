"""The state: a fold over events, and the report that is its last value."""

import msgspec
import pytest

from layerwalk.session import events as ev
from layerwalk.session.report import OriginEntry, Report
from layerwalk.session.state import WalkState, fold, folded, report_of, state_of
from tests.unit.session.reports import dropped, entry, faulty, healthy, hop

REPORT = faulty()
STARTED = ev.WalkStarted(
    at_s=0.0,
    target=msgspec.structs.replace(REPORT.target, addresses=()),
    tool=REPORT.tool,
    host=REPORT.host,
    role="client",
    started=REPORT.started,
    budget_s=30.0,
)


def step(name: str, at_s: float) -> ev.StepStarted:
    return ev.StepStarted(
        at_s=at_s, step=name, title=name.title(), layer=4, waits_for="it", at_most_s=1.0
    )


JOURNAL: list[ev.Event] = [
    STARTED,
    step("resolve", 0.1),
    ev.StepEnded(at_s=0.2, step="resolve", evidence=REPORT.evidence[0]),
    ev.AddressesFound(at_s=0.2, addresses=REPORT.target.addresses),
    step("syn", 0.3),
    ev.PathSeen(at_s=0.4, address="198.51.100.10", path=(hop(1, "192.0.2.1"),)),
    ev.PathSeen(at_s=0.5, address="198.51.100.10", path=REPORT.path),
    ev.StepEnded(at_s=0.9, step="syn", evidence=REPORT.evidence[1]),
    ev.RecordingStopped(at_s=1.0, why="the disk is full"),
    ev.VerdictReached(at_s=2.31, verdict=dropped()),
    ev.WalkEnded(at_s=2.31, reason="done"),
]


def test_a_journal_folds_into_its_report() -> None:
    state = folded(JOURNAL)
    assert report_of(state) == REPORT
    assert (state.ended, state.budget_s, state.path_to) == ("done", 30.0, "198.51.100.10")


def test_a_step_runs_until_it_has_ended() -> None:
    state = folded(JOURNAL[:5])
    assert [(it.id, it.state) for it in state.steps] == [("resolve", "done"), ("syn", "running")]
    assert [it.id for it in state.running] == ["syn"]
    done = state.steps[0]
    assert (done.status, done.evidence, done.began_s) == ("answered", "e1", 0.1)
    assert done.finding == REPORT.evidence[0].finding


def test_a_step_that_ends_leaves_the_others_alone() -> None:
    state = folded([STARTED, step("syn", 0.1), step("echo", 0.1)])
    ended = fold(
        state, ev.StepEnded(at_s=0.2, step="echo", evidence=entry("e1", "echo", 3, "", ""))
    )
    assert [it.id for it in ended.running] == ["syn"]


def test_time_never_goes_back() -> None:
    late = fold(WalkState(), ev.WalkEnded(at_s=2.0, reason="done"))
    assert fold(late, step("echo", 1.0)).seconds == 2.0


def test_addresses_of_no_target_are_nobodys() -> None:
    event = ev.AddressesFound(at_s=0.1, addresses=("198.51.100.10",))
    assert fold(WalkState(), event).target is None


@pytest.mark.parametrize("count", range(len(JOURNAL) - 2))
def test_no_report_before_the_verdict(count: int) -> None:
    with pytest.raises(ValueError, match="verdict"):
        report_of(folded(JOURNAL[:count]))


def marked() -> Report:
    return msgspec.structs.replace(healthy(), origin=OriginEntry(mark=5, interface="eth1"))


@pytest.mark.parametrize("report", [faulty(), healthy(), marked()])
def test_a_saved_report_becomes_the_state_that_it_was(report: Report) -> None:
    assert report_of(state_of(report)) == report
