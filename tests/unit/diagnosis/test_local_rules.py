"""This machine's own rules: which of them speaks, and which verdict it is."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.health import health
from layerwalk.diagnosis.local_rules import local_refusal
from layerwalk.diagnosis.model import Status
from layerwalk.probes.facts import (
    AnswerKind,
    Certainty,
    Fact,
    Outcome,
    TraceKind,
)
from tests.unit.diagnosis.facts import firewall, rule
from tests.unit.diagnosis.sayings import SILENT, START, UNSENT, said
from tests.unit.diagnosis.views import address, walk


@pytest.mark.parametrize(
    ("connect", "verdict"),
    [(SILENT, "drop"), (samples.connect(Outcome.REFUSED, "ECONNREFUSED"), "reject")],
)
def test_the_connection_tells_a_local_drop_from_a_local_reject(connect: Fact, verdict: str) -> None:
    host = address(*START, UNSENT, connect, firewall(rule("out", verdict)))
    other = "reject" if verdict == "drop" else "drop"
    found = local_refusal(host, verdict)
    assert found
    assert found.where == {"kind": "local", "rule": f"tcp dport 5432 {verdict}"}
    assert local_refusal(host, other) is None


def test_a_sure_rule_is_quoted_before_a_possible_one() -> None:
    possible = replace(rule("out", "drop", Certainty.POSSIBLE), text="the possible one")
    found = local_refusal(address(UNSENT, SILENT, firewall(possible, rule("out", "drop"))), "drop")
    assert found
    assert found.where["rule"] == "tcp dport 5432 drop"
    only = local_refusal(address(UNSENT, SILENT, firewall(possible)), "drop")
    assert only
    assert only.where["rule"] == "the possible one"


def test_where_every_way_ends_refused_the_last_rule_decides() -> None:
    possible = replace(rule("in", "reject", Certainty.POSSIBLE), text="some")
    rest = replace(rule("in", "drop", Certainty.POSSIBLE), text="the rest")
    host = (*OPEN_BUT_SILENT, firewall(possible, rest, refused=("in",)))
    found = local_refusal(address(*host), "drop")
    assert found
    assert (found.status, found.where["rule"]) == (Status.CONFIRMED, "the rest")


@pytest.mark.parametrize(("direction", "before"), [("out", True), ("in", False)])
def test_a_sure_rule_counts_where_nothing_else_shows(direction: str, *, before: bool) -> None:
    """What hooks on a device drop leaves no trace but silence."""
    host = address(*START, samples.syn(), SILENT, firewall(rule(direction, "drop")))
    found = local_refusal(host, "drop")
    assert found
    assert (found.status, found.where["kind"]) == (Status.CONFIRMED, "local")
    assert ("path-blackhole" in found.before) is before


def test_what_nat_here_hands_on_is_judged_by_the_connection() -> None:
    """SYNs of our own are silent there: what answers them is translated back behind our ears."""
    nat = firewall(handed_on="203.0.113.9:81")
    path = samples.trace(samples.tries(TraceKind.ICMP, 4))
    heard = (*START, samples.syn(), samples.alive(), path)
    reset = said("port-closed", *heard, samples.connect(Outcome.REFUSED, "ECONNREFUSED"), nat)
    assert reset.status.names_it
    assert "203.0.113.9:81, to which this machine's own NAT hands on" in reset.explanation
    silent = said("firewall-drop", *heard, SILENT, nat)
    assert silent.status is Status.UNKNOWN
    assert "NAT hands the connection on to 203.0.113.9:81" in silent.missing
    assert health(walk((*heard, SILENT, nat))).summary.endswith("which was not walked to.")


OPEN_BUT_SILENT = (*START, samples.open_port(), SILENT)
ELSEWHERE = samples.syn(samples.answer(AnswerKind.SYN_ACK, interface="eth1"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((*OPEN_BUT_SILENT, firewall(rule("in", "drop"))), Status.CONFIRMED),
        ((*OPEN_BUT_SILENT, firewall(rule("in", "drop", Certainty.POSSIBLE))), Status.LIKELY),
        ((*OPEN_BUT_SILENT, firewall(undecided=("limit",))), Status.LIKELY),
        ((*OPEN_BUT_SILENT, firewall(outcome=Outcome.NOT_PERMITTED)), Status.LIKELY),
        (OPEN_BUT_SILENT, Status.LIKELY),
        ((*OPEN_BUT_SILENT, firewall()), None),
        ((*START, ELSEWHERE, SILENT), None),
    ],
)
def test_a_syn_ack_that_gets_lost_up_here(facts: tuple[Fact, ...], expected: Status | None) -> None:
    found = local_refusal(address(*facts), "drop")
    assert (found.status if found else None) is expected


def test_without_raw_sockets_only_a_sure_rule_counts() -> None:
    sure = address(SILENT, firewall(rule("in", "drop")))
    found = local_refusal(sure, "drop")
    assert found
    assert found.status is Status.CONFIRMED
    unsure = address(SILENT, firewall(rule("out", "drop", Certainty.POSSIBLE)))
    assert local_refusal(unsure, "drop") is None
    assert local_refusal(address(SILENT), "drop") is None


def test_a_silent_port_beyond_is_no_local_matter() -> None:
    assert local_refusal(address(samples.syn(), SILENT, firewall()), "drop") is None
    assert local_refusal(address(samples.syn()), "drop") is None
    assert local_refusal(address(samples.connect()), "drop") is None
