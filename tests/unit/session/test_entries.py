"""Facts and conclusions, as the report says them."""

from dataclasses import replace

import msgspec
import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import conclude
from layerwalk.probes.facts import Evidence, Fact, Outcome, TraceKind, Unmeasured
from layerwalk.session.entries import complaint_of, entry_of, verdict_of
from layerwalk.session.report import ErrorEntry
from tests.unit.diagnosis.facts import POOL
from tests.unit.diagnosis.views import walk

DROPPED = (
    samples.links(),
    samples.route(),
    samples.alive(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 2)),
)


def test_a_fact_becomes_evidence() -> None:
    entry = entry_of(Evidence(id="e7", fact=samples.alive(), started_s=0.123456, seconds=1.00004))
    assert (entry.id, entry.probe, entry.layer, entry.status) == ("e7", "echo", 3, "answered")
    assert (entry.started, entry.seconds) == (0.1235, 1.0)
    assert entry.command.startswith("ping ")
    assert entry.data["answers"][0]["kind"] == "echo-reply"


def test_a_crash_becomes_evidence_with_its_traceback() -> None:
    fact = Unmeasured(
        outcome=Outcome.FAILED,
        name="trace",
        at_layer=3,
        subject=samples.TARGET,
        detail="Traceback:\n  here\nValueError: odd",
    )
    entry = entry_of(Evidence(id="e1", fact=fact))
    assert (entry.probe, entry.layer, entry.status) == ("trace", 3, "failed")
    assert entry.finding == f"trace {samples.TARGET}: ValueError: odd"
    assert (entry.data["name"], entry.data["detail"]) == ("trace", fact.detail)


@pytest.mark.parametrize("fact", POOL, ids=lambda fact: type(fact).__name__)
def test_any_fact_can_be_written_as_json(fact: Fact) -> None:
    entry = entry_of(Evidence(id="e1", fact=fact))
    assert msgspec.json.decode(msgspec.json.encode(entry), type=type(entry)) == entry
    assert entry.finding
    assert "\n" not in entry.finding


def test_a_conclusion_becomes_a_verdict() -> None:
    conclusion = conclude(walk(DROPPED))
    verdict = verdict_of(conclusion)
    (cause, *_) = verdict.causes
    assert (verdict.outcome, cause.id, cause.layer) == ("fault", "firewall-drop", 4)
    assert (cause.relation, cause.confidence) == ("explains", "likely")
    assert cause.where["after"] == {"hop": 2, "address": samples.ROUTERS[1]}
    assert set(cause.evidence) <= {f"e{n}" for n in range(1, 7)}
    assert [step.action for step in cause.recommendations] == [
        advice.action for advice in conclusion.named[0].advice
    ]
    assert {one.id for one in verdict.ruled_out} == {name for name, _ in conclusion.ruled_out}
    assert all(one.evidence for one in verdict.ruled_out)
    assert [one.id for one in verdict.not_checked] == [one.id for one in conclusion.open]


def test_whose_timer_it_is_stands_in_the_verdict() -> None:
    line = ErrorEntry(
        text="dial tcp: i/o timeout",
        phase="connect",
        errno="",
        runtime="go",
        timer="program",
        limit_s=5.0,
    )
    view = replace(walk((*DROPPED, samples.timers())), complaint=complaint_of(line))
    timer = verdict_of(conclude(view)).timer
    assert timer
    assert (timer.whose, timer.kernel_s, timer.limit_s) == ("program", 131.0, 5.0)
    assert "its own limit" in timer.says
