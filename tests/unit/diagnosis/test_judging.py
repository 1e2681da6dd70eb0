"""Whom each cause is asked about: the name, its addresses, and the way to dead nameservers."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.tree import Step, wanted
from layerwalk.probes.facts import (
    Evidence,
    Fact,
    NameserverAnswer,
    Outcome,
    Refusal,
    RouteKind,
    TraceKind,
)
from tests.unit.diagnosis.facts import NAME, SERVER, at, resolved
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


T, SECOND = samples.TARGET, "198.51.100.11"
LAST = samples.ROUTERS[2]
GONE = samples.refusal(Refusal.HOST, LAST, rtt_s=3.07)
PATH = samples.trace(samples.tries(TraceKind.ICMP, 3), samples.tries(TraceKind.SYN, 3))
VANISHED = (samples.route(), samples.echo(), samples.syn(), samples.control(), PATH)


def test_silence_behind_a_router_that_reports_of_another_address_proves_nothing() -> None:
    off = (samples.route(), samples.echo(GONE), samples.syn(GONE), PATH)
    two = resolved(T, SECOND)
    conclusion = told(samples.links(), two, *VANISHED, *at(SECOND, *off))
    assert named(conclusion) == [("host-down", "explains")]
    left = {one.id: one.why for one in conclusion.open}
    assert left["path-blackhole"].startswith(f"router {LAST} reports of another address")
    alone = told(samples.links(), two, *VANISHED)
    assert named(alone)[0] == ("path-blackhole", "explains")


def test_paths_are_followed_two_by_two() -> None:
    addresses = ("203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4")
    looks = (at(address, samples.route(), samples.syn(last_look=False)) for address in addresses)
    facts = (samples.links(), resolved(*addresses), *(fact for each in looks for fact in each))

    def traced(*ended: str) -> list[str]:
        view = walk(facts, NAME)
        done = tuple(Evidence(id=f"x{n}", fact=PATH, step=step) for n, step in enumerate(ended))
        view = replace(view, evidence=(*view.evidence, *done))
        return [it.address for it in wanted(view) if it.step is Step.TRACE]

    assert traced() == [*addresses[:2]]
    first = (f"trace {addresses[0]}", f"syn-again {addresses[0]}")
    assert traced(first[0]) == [*addresses[:2]]
    assert traced(*first) == [*addresses[:3]]
