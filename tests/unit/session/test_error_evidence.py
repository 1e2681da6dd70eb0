"""A walk that starts from an error line has it as its first evidence, and tries its address."""

import msgspec
import pytest

from layerwalk.diagnosis.tree import Step
from layerwalk.diagnosis.walk_view import MOST_ADDRESSES, WalkView
from layerwalk.probes.facts import ErrorLineFact, Evidence, Outcome, ResolveFact, Target
from layerwalk.session import walk
from layerwalk.session.entries import told_by
from layerwalk.session.options import Options
from layerwalk.session.report import ErrorEntry
from layerwalk.session.state import report_of
from layerwalk.session.walk import Walk
from tests.unit.session.invented import HEALTHY, TARGET, plan

LINE = ErrorEntry(
    text="dial tcp 198.51.100.10:5432: i/o timeout",
    phase="connect",
    errno="",
    runtime="go",
    timer="program",
    limit_s=None,
)
NAME = Target("db:5432", "db", 5432, addresses=("192.0.2.5",))


def test_the_line_is_the_first_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "PLANS", {step: plan(step, HEALTHY.get(step)) for step in Step})
    options = Options(unprivileged=True, error_line=LINE, other_targets=("db:80",))
    report = report_of(Walk(TARGET, options).run())
    first = report.evidence[0]
    assert (first.id, first.probe, first.layer) == ("e1", "error-line", 4)
    assert first.status == "answered_by_person"
    assert LINE.text in first.finding
    assert "db:80" in first.finding
    assert report.error_line == LINE
    assert len({it.id for it in report.evidence}) == len(report.evidence)


@pytest.mark.parametrize(
    ("phase", "layer"), [("name", 7), ("connect", 4), ("tls", 6), ("read", 5), ("unknown", 7)]
)
def test_it_stands_at_the_layer_that_it_speaks_of(phase: str, layer: int) -> None:
    line = msgspec.convert({**msgspec.to_builtins(LINE), "phase": phase}, type=ErrorEntry)
    fact = told_by(line, (), ())
    assert isinstance(fact, ErrorLineFact)
    assert fact.of_layer == layer


def view(*found: str) -> WalkView:
    resolved = ResolveFact(outcome=Outcome.ANSWERED, name="db", addresses=found)
    facts = (told_by(LINE, NAME.addresses, ()), resolved)
    evidence = tuple(Evidence(id=f"e{n}", fact=fact) for n, fact in enumerate(facts, 1))
    return WalkView(NAME, evidence)


def test_its_address_is_among_those_that_are_tried() -> None:
    assert view("192.0.2.9").addresses == ("192.0.2.9", "192.0.2.5")
    assert view("192.0.2.5", "192.0.2.9").addresses == ("192.0.2.5", "192.0.2.9")
    assert view().addresses == ("192.0.2.5",)


def test_it_is_so_however_many_there_are() -> None:
    many = tuple(f"192.0.2.{n}" for n in range(10, 60))
    tried = view(*many).addresses
    assert len(tried) == MOST_ADDRESSES
    assert "192.0.2.5" in tried


def test_of_many_targets_a_few_are_named() -> None:
    fact = told_by(LINE, (), tuple(f"db{n}:80" for n in range(9)))
    assert fact.finding.endswith("also: db0:80, db1:80, db2:80, db3:80, db4:80 and 4 more)")
