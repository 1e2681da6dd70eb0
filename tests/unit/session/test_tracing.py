"""When whoever asks a person may offer the kernel's own trace: only where it may name a rule."""

from collections.abc import Callable

import msgspec
import pytest

from layerwalk.session.report import Report
from layerwalk.session.state import state_of
from layerwalk.session.tracing import would_name_the_rule
from tests.unit.session import reports

Change = Callable[[Report], Report]
replace = msgspec.structs.replace


def blamed(report: Report, identifier: str, kind: str) -> Report:
    """The report with its first cause another one, in another place; root walked."""
    (first, *_), verdict = report.verdict.causes, report.verdict
    cause = replace(first, id=identifier, where={"kind": kind})
    privileges = replace(report.host.privileges, admin=True)
    host = replace(report.host, privileges=privileges)
    return replace(report, host=host, verdict=replace(verdict, causes=(cause,)))


def without_rights(report: Report) -> Report:
    host = replace(report.host, privileges=replace(report.host.privileges, admin=False))
    return replace(report, host=host)


def traced(report: Report) -> Report:
    return replace(report, evidence=(replace(report.evidence[0], probe="rule-trace"),))


@pytest.fixture
def report() -> Report:
    return reports.faulty()


@pytest.mark.parametrize("identifier", ["firewall-drop", "firewall-reject"])
def test_a_rule_here_that_nobody_traced_may_be_named(report: Report, identifier: str) -> None:
    assert would_name_the_rule(state_of(blamed(report, identifier, "local")))


@pytest.mark.parametrize(
    ("identifier", "kind"), [("firewall-drop", "path"), ("conntrack-full", "local")]
)
def test_of_others_it_would_tell_nothing(report: Report, identifier: str, kind: str) -> None:
    assert not would_name_the_rule(state_of(blamed(report, identifier, kind)))


@pytest.mark.parametrize("change", [without_rights, traced])
def test_it_is_not_offered_in_vain(report: Report, change: Change) -> None:
    assert not would_name_the_rule(state_of(change(blamed(report, "firewall-drop", "local"))))
