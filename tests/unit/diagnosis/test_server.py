"""The server's own end: where it is walked, what is measured, and what that means."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.samples import server as samples
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.tree import Step, needless, wanted
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    Certainty,
    Fact,
    Fit,
    Held,
    Listener,
    Outcome,
    RouteKind,
    ServiceFact,
    Unit,
)
from tests.unit.diagnosis.own_end import (
    BOTH,
    EVERYWHERE,
    EVERYWHERE_6,
    OWN,
    SIX,
    any_address,
    links,
    view,
)


@pytest.mark.parametrize(
    ("found", "addresses"),
    [
        (any_address(EVERYWHERE), (OWN,)),
        (any_address(EVERYWHERE, EVERYWHERE_6), (OWN, SIX)),
        (any_address(replace(EVERYWHERE_6, versions=(4, 6))), (OWN, SIX)),
        (any_address(EVERYWHERE_6), (OWN, SIX)),  # who comes by IPv4 is left out
        (any_address(samples.listener("127.0.0.1")), (OWN, SIX)),
        (any_address(), (OWN, SIX)),
        (any_address(EVERYWHERE_6, client="2001:db8:1::7"), (SIX,)),
        (any_address(EVERYWHERE_6, client="198.51.100.7"), (OWN,)),
        (any_address(samples.listener("127.0.0.1"), client="127.0.0.1"), ("127.0.0.1",)),
        (any_address(samples.listener("127.0.0.1"), client=OWN), ("127.0.0.1",)),
        (any_address(EVERYWHERE, known=links()), ("127.0.0.1",)),
        (any_address(EVERYWHERE_6, known=links("fe80::1/64")), ("fe80::1",)),
        (any_address(EVERYWHERE, known=links(f"{OWN}/24", up=False)), (OWN,)),
    ],
)
def test_a_port_alone_is_walked_where_a_client_may_come(
    found: WalkView, addresses: tuple[str, ...]
) -> None:
    assert found.addresses == addresses


def test_where_to_walk_is_open_until_listeners_and_links_are_known() -> None:
    assert view(BOTH, host="").addresses == ()
    assert view(samples.listeners(), host="").addresses == ()
    assert view(host="").addresses == ()
    assert [it.step for it in wanted(view(host=""))][:2] == [Step.LINKS, Step.LISTENERS]


def test_a_server_looks_at_its_own_port_and_its_rules() -> None:
    early = [it.step for it in wanted(view(*samples.base()))]
    assert early[:4] == [Step.LINKS, Step.LISTENERS, Step.ROUTE, Step.FIREWALL]
    steps = [it.step for it in wanted(view(*samples.base(), samples.listeners()))]
    assert steps[:5] == [Step.LINKS, Step.LISTENERS, Step.ROUTE, Step.INTAKE, Step.FIREWALL]
    assert list(needless(view(*samples.base()))) == []


def test_a_listener_of_a_vrf_takes_the_clients_of_its_interfaces() -> None:
    known = links(f"{OWN}/24", master="red")
    facts = (known, samples.listeners(samples.listener(interface="red")), *samples.base()[1:])
    assert ServerView(view(*facts).of(OWN)).listens is True


def test_a_rule_that_refuses_some_clients_is_left_open_until_one_is_named() -> None:
    some = samples.rule(certainty=Certainty.POSSIBLE)
    facts = (*samples.base(), samples.listeners(EVERYWHERE), samples.served(), samples.rules(some))
    found = conclude(view(*facts))
    assert found.outcome == "healthy"
    (left,) = (one for one in found.open if one.id == "firewall-drop")
    assert "--client ADDRESS" in left.unlock
    assert "none was named" in left.why


def test_a_rule_goes_before_a_service_that_does_not_run() -> None:
    facts = (*samples.base(), samples.listeners(), samples.refused())
    found = conclude(view(*facts, samples.rules(samples.rule()), client="198.51.100.7"))
    assert [one.cause.id for one in found.named] == ["firewall-drop", "service-not-running"]
    assert "from 198.51.100.7" in found.summary
    assert {step.on for one in found.named for step in one.advice} == {"client", "server"}


@pytest.mark.parametrize(
    ("fact", "timeout_s", "words"),
    [
        (samples.served(), None, ""),
        (samples.served(taken_s=2.0), None, "late"),
        (samples.served(taken_s=2.0), 3.0, ""),
        (samples.served(answered_s=4.0), 3.0, "late"),
        (samples.served(answered_s=4.0), None, ""),
        (samples.served(asked="http", waited_s=10.0), None, "mute"),
        (samples.served(awaited=True, waited_s=10.0), None, "mute"),
        (samples.served(asked="http", answered_s=0.01, status=500), None, "errs"),
        (samples.served(closed_s=0.001), None, "broken_off"),
        (samples.overflowing(), None, "unheard"),
        (samples.intake(Outcome.SILENT, waited_s=1.25), None, ""),
    ],
)
def test_a_service_suffers_in_several_ways(fact: Fact, timeout_s: float | None, words: str) -> None:
    facts = (*samples.base(), samples.listeners(EVERYWHERE), fact)
    here = ServerView(view(*facts, timeout_s=timeout_s).of(OWN))
    ways = ("late", "mute", "errs", "broken_off", "unheard")
    assert [way for way in ways if getattr(here, way)] == words.split()
    assert here.suffers is bool(words)


def test_a_service_that_waits_for_data_has_not_had_its_turn() -> None:
    fact = samples.intake(made_s=0.001, held=Held.HANDSHAKE, waited_s=0.5)
    here = ServerView(view(*samples.base(), fact).of(OWN))
    assert (here.accepts, here.serves_in_time) == (None, True)


def unit(**changes: object) -> ServiceFact:
    fields: dict[str, object] = {"name": "web.service", "fit": Fit.NAME, "active": "failed"}
    one = Unit(**{**fields, **changes})  # type: ignore[arg-type]
    return ServiceFact(outcome=Outcome.ANSWERED, port=5432, units=(one,))


ABSENT = (*samples.base(), samples.listeners(), samples.refused(), samples.rules())


def test_a_service_that_does_not_run_is_named_by_its_unit() -> None:
    found = conclude(view(*ABSENT, unit(result="oom-kill", sub="failed")))
    assert found.named[0].judgement.where == {
        "kind": "local",
        "port": 5432,
        "unit": "web.service",
        "state": "failed",
    }
    assert "web.service is failed (failed, oom-kill)" in found.summary
    assert "systemctl start web.service" in {step.command for step in found.named[0].advice}


def test_a_unit_that_was_masked_must_be_allowed_to_start_again() -> None:
    found = conclude(view(*ABSENT, unit(load="masked", active="inactive", sub="dead")))
    assert found.named[0].judgement.where["state"] == "masked"
    assert "web.service is masked (dead)" in found.summary
    commands = {step.command for step in found.named[0].advice}
    assert "systemctl unmask web.service && systemctl start web.service" in commands


def test_a_unit_that_runs_and_listens_nowhere_is_said_to() -> None:
    found = conclude(view(*ABSENT, unit(active="active", sub="running")))
    assert "web.service is active (running), and yet nothing listens" in found.summary


def test_a_service_manager_that_can_not_be_asked_is_left_open() -> None:
    silent = ServiceFact(outcome=Outcome.NOT_RUN, port=5432, detail="systemd can't be asked")
    found = conclude(view(*ABSENT, silent))
    assert [one.cause.id for one in found.named] == ["service-not-running"]
    left = {one.id: one.why for one in found.open}
    assert left["service-not-running"] == "which unit serves the port: systemd can't be asked"


@pytest.mark.parametrize(
    ("listener", "fact", "asks"),
    [
        (EVERYWHERE, samples.served(), False),
        (EVERYWHERE, samples.unaccepted(), True),
        (samples.listener("127.0.0.1"), samples.refused(), True),
    ],
)
def test_the_service_manager_is_asked_where_something_is_wrong(
    listener: Listener, fact: Fact, *, asks: bool
) -> None:
    facts = (*samples.base(), samples.listeners(listener), fact)
    assert (Step.SERVICE in {it.step for it in wanted(view(*facts))}) is asks


def test_a_connection_that_would_leave_this_machine_is_not_made() -> None:
    away = replace(samples.base()[1], kind=RouteKind.UNICAST, interface="eth0")  # type: ignore[call-arg]
    steps = {it.step for it in wanted(view(samples.base()[0], away, samples.listeners(EVERYWHERE)))}
    assert Step.INTAKE not in steps
    assert Step.FIREWALL in steps


def test_an_interface_without_carrier_is_not_where_clients_come() -> None:
    lo, eth0 = BOTH.links
    bridge = replace(eth0, name="docker0", carrier=False, addresses=("172.17.0.1/16",))
    known = replace(BOTH, links=(lo, eth0, bridge))
    assert any_address(EVERYWHERE, known=known).addresses == (OWN,)
