"""The kernel's own trace: asked for by consent alone, and believed before what only looks so."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.local_rules import local_advice, local_refusal
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, Step, wanted
from layerwalk.probes.facts import Certainty, Fact, Outcome, Role, Standpoint
from tests.unit.diagnosis.facts import firewall, rule
from tests.unit.diagnosis.local_facts import rule_trace
from tests.unit.diagnosis.sayings import SILENT, START, UNSENT
from tests.unit.diagnosis.views import address, walk

WISH = Measure(Step.RULE_TRACE, samples.TARGET)
REFUSED = samples.connect(Outcome.REFUSED, "ECONNREFUSED")


@pytest.mark.parametrize("facts", [(SILENT,), (REFUSED,), (UNSENT, SILENT)])
def test_it_is_asked_for_only_by_consent(facts: tuple[Fact, ...]) -> None:
    view = walk((*START, *facts))
    assert WISH not in set(wanted(view))
    assert WISH in set(wanted(replace(view, traces_rules=True)))


@pytest.mark.parametrize("facts", [(), START, samples.healthy()])
def test_it_is_spared_where_nothing_fails(facts: tuple[Fact, ...]) -> None:
    assert WISH not in set(wanted(replace(walk(facts), traces_rules=True)))


def test_it_is_spared_without_a_port() -> None:
    view = replace(walk((*START, SILENT), port=None), traces_rules=True)
    assert WISH not in set(wanted(view))


def test_as_a_server_a_clients_syn_is_waited_for() -> None:
    view = walk(samples.healthy())
    serving = replace(view, traces_rules=True, standpoint=Standpoint(role=Role.SERVER))
    assert WISH in set(wanted(serving))


def test_its_rule_is_certain_whatever_was_read() -> None:
    read = firewall(rule("out", "drop", Certainty.POSSIBLE))
    traced = replace(rule("out", "drop"), text="ip daddr @bad drop")
    found = local_refusal(address(*START, UNSENT, SILENT, read, rule_trace(traced)), "drop")
    assert found
    assert found.status is Status.CONFIRMED
    assert found.where == {"kind": "local", "rule": "ip daddr @bad drop"}


@pytest.mark.parametrize("facts", [(samples.syn(), SILENT), (samples.open_port(), SILENT)])
def test_it_tells_what_nothing_else_shows(facts: tuple[Fact, ...]) -> None:
    verdict = conclude(walk((*START, *facts, rule_trace(rule("in", "drop")))))
    first = verdict.named[0]
    assert (first.cause.id, first.judgement.status) == ("firewall-drop", Status.CONFIRMED)
    assert first.judgement.where["kind"] == "local"


def test_a_rejecting_rule_is_one_however_the_connection_fails() -> None:
    host = address(*START, samples.open_port(), SILENT, rule_trace(rule("in", "reject")))
    assert local_refusal(host, "drop") is None
    found = local_refusal(host, "reject")
    assert found
    assert found.where["rule"] == "tcp dport 5432 reject"


@pytest.mark.parametrize(
    "trace",
    [rule_trace(), rule_trace(outcome=Outcome.NOT_PERMITTED), rule_trace(rule("out", "queue"))],
)
def test_without_a_rule_it_changes_nothing(trace: Fact) -> None:
    facts = (*START, UNSENT, SILENT, firewall(rule("out", "drop")))
    told = local_refusal(address(*facts), "drop")
    assert told
    found = local_refusal(address(*facts, trace), "drop")
    assert found
    assert (found.status, found.where) == (told.status, told.where)


def test_where_no_rule_is_known_the_trace_is_recommended() -> None:
    found = local_refusal(address(*START, UNSENT, SILENT), "drop")
    assert found
    assert any("--trace-firewall" in advice.action for advice in local_advice(found))
    known = local_refusal(address(*START, UNSENT, SILENT, firewall(rule("out", "drop"))), "drop")
    assert known
    assert not any("--trace-firewall" in advice.action for advice in local_advice(known))


def test_whose_rule_it_is_is_told_by_what_was_read_of_its_chain() -> None:
    kept = replace(rule("out", "drop", Certainty.POSSIBLE), owner="ufw", chain="ufw-user-output")
    traced = replace(rule("out", "drop"), chain="ufw-user-output")
    found = local_refusal(address(UNSENT, SILENT, firewall(kept), rule_trace(traced)), "drop")
    assert found
    assert found.where["owner"] == "ufw"
