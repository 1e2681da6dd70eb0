"""Whom each cause is asked about: the name, its addresses, and the way to dead nameservers."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.probes.facts import Fact, NameserverAnswer, Outcome, RouteKind
from tests.unit.diagnosis.facts import NAME, SERVER, resolved
from tests.unit.diagnosis.views import walk

OTHER = "192.0.2.54"
NONE = {"outcome": Outcome.UNREACHABLE, "kind": RouteKind.NONE, "interface": ""}


def silent(*servers: str) -> Fact:
    found = tuple(NameserverAnswer(server=one, outcome=Outcome.SILENT) for one in servers)
    return resolved(nameservers=found)


def told(*facts: Fact) -> Conclusion:
    return conclude(walk(facts, NAME))


def named(conclusion: Conclusion) -> list[tuple[str, str]]:
    return [(one.cause.id, one.relation) for one in conclusion.named]


@pytest.mark.parametrize(
    ("facts", "explains"),
    [
        ((samples.links(), samples.route(destination=SERVER, **NONE)), "no-route"),
        ((samples.links(carrier=False), samples.route(destination=SERVER)), "link-down"),
        ((samples.links(), samples.route(destination=SERVER)), "resolver-unreachable"),
    ],
)
def test_a_broken_way_out_explains_why_no_nameserver_answers(
    facts: tuple[Fact, ...], explains: str
) -> None:
    conclusion = told(silent(SERVER), *facts)
    assert conclusion.named[0].cause.id == explains
    assert conclusion.named[-1].cause.id == "resolver-unreachable"


def test_what_is_wrong_on_the_way_says_to_which_nameserver() -> None:
    lost = samples.route(destination=SERVER, **NONE)
    conclusion = told(silent(SERVER), samples.links(), lost)
    assert f"on the way to nameserver {SERVER}" in conclusion.summary
    assert conclusion.address == SERVER


def test_one_nameserver_that_is_cut_off_does_not_explain_why_the_other_is_silent() -> None:
    lost = samples.route(destination=SERVER, **NONE)
    conclusion = told(silent(SERVER, OTHER), lost, samples.route(destination=OTHER))
    assert named(conclusion) == [("resolver-unreachable", "explains"), ("no-route", "also")]
    both = told(silent(SERVER, OTHER), lost, samples.route(destination=OTHER, **NONE))
    assert named(both) == [("no-route", "explains"), ("resolver-unreachable", "also")]


def test_nameservers_that_answer_are_not_on_trial() -> None:
    lost = samples.route(destination=SERVER, **NONE)
    failing = NameserverAnswer(server=SERVER, outcome=Outcome.ANSWERED, rcode="SERVFAIL")
    assert named(told(resolved(nameservers=(failing,)), lost)) == [("resolver-failing", "explains")]
