"""What a server's own end amounts to where no cause is found, and what only looks like one."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.samples import server as samples
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.tree import Step, wanted
from layerwalk.probes.facts import (
    Certainty,
    Outcome,
    RouteKind,
)
from tests.unit.diagnosis.own_end import (
    BOTH,
    EVERYWHERE,
    OWN,
    concluded,
    links,
    view,
)
from tests.unit.diagnosis.serving import serving


def test_what_works_is_healthy() -> None:
    found = concluded(samples.served())
    assert (found.outcome, found.timer) == ("healthy", None)
    assert found.summary == (
        "192.0.2.10:5432: postgres (pid 812, postgresql.service) takes connections."
    )


def test_a_queue_that_nobody_empties_is_not_taken_for_health() -> None:
    found = concluded(samples.unaccepted())
    assert found.outcome == "inconclusive"
    assert "does not accept them" in found.summary
    assert {one.id: bool(one.unlock) for one in found.open}["service-hung"]


def test_a_queue_that_moves_is_told_from_one_that_does_not() -> None:
    found = concluded(samples.unaccepted(moves=9, queue=120, waited_s=10.0))
    assert found.outcome == "inconclusive"
    assert "accepts connections slowly: ours waited 10 s" in found.summary


def test_a_long_queue_in_which_ours_is_served_is_healthy() -> None:
    assert concluded(samples.served(taken_s=6.0, queue=121, looks=60)).outcome == "healthy"


def test_connections_that_something_else_hands_on_are_no_fault() -> None:
    facts = (*samples.base(), samples.listeners(), samples.rules(), samples.served())
    found = conclude(view(*facts))
    assert (found.outcome, found.named) == ("healthy", ())


def test_a_listener_that_is_bound_to_the_addresses_interface_takes_its_clients() -> None:
    bound = samples.listener(interface="eth0")
    found = concluded(samples.refused(), listener=bound)
    assert found.outcome == "healthy"
    other = concluded(samples.refused(), listener=replace(bound, interface="eth1"))
    assert [one.cause.id for one in other.named] == ["listens-elsewhere"]
    assert "for what comes in by eth1 alone" in other.summary


def test_a_loopback_listener_is_right_for_a_loopback_target() -> None:
    facts = (
        BOTH,
        replace(samples.base()[1], destination="127.0.0.1", kind=RouteKind.LOCAL),  # type: ignore[call-arg]
        samples.listeners(samples.listener("127.0.0.1")),
        replace(samples.served(), address="127.0.0.1"),
    )
    assert conclude(view(*facts, host="127.0.0.1")).outcome == "healthy"


def test_without_any_fact_nothing_is_said() -> None:
    here = ServerView(view().of(OWN))
    assert (here.listens, here.accepts, here.serves_in_time) == (None, None, None)
    assert conclude(view()).outcome == "inconclusive"


def test_an_interface_that_is_off_takes_the_address_along() -> None:
    away = replace(samples.base()[1], kind=RouteKind.UNICAST, interface="eth1")  # type: ignore[call-arg]
    facts = (samples.listeners(EVERYWHERE), samples.rules())
    off = conclude(view(links(f"{OWN}/24", up=False, carrier=None), away, *facts))
    assert [one.cause.id for one in off.named] == ["link-down"]
    kept = view(links(f"{OWN}/24", up=False), samples.base()[1], *facts, samples.served())
    assert conclude(kept).outcome == "healthy"  # as a load balancer keeps its addresses


def test_a_port_that_nat_hands_on_is_no_fault_of_the_server() -> None:
    nat = samples.rules(handed_on="172.17.0.2:80")
    facts = (*samples.base(), samples.listeners(), samples.refused(), nat)
    found = conclude(view(*facts))
    assert (found.outcome, found.named) == ("healthy", ())
    assert "NAT hands the port on to 172.17.0.2:80, which was not walked to" in found.summary
    beside = conclude(view(*samples.base(), samples.listeners(EVERYWHERE), samples.served(), nat))
    assert beside.outcome == "healthy"
    assert beside.summary.endswith(
        "; NAT hands those of clients on to 172.17.0.2:80, which was not walked to."
    )
    blocked = replace(nat, matches=(samples.rule(),))
    named = conclude(view(*facts[:-1], blocked)).named
    assert [one.cause.id for one in named] == ["firewall-drop"]


def test_rules_that_keep_out_this_machine_alone_are_no_fault() -> None:
    facts = (*samples.base(), samples.listeners(EVERYWHERE), SILENT)
    found = conclude(view(*facts, samples.rules(keeps_out_itself=True)))
    assert found.outcome == "healthy"
    assert "only a connection of this machine's own is not let in" in found.summary
    assert conclude(view(*facts, samples.rules())).outcome == "inconclusive"
    unread = conclude(view(*facts))
    assert unread.outcome == "inconclusive"
    assert "most likely a rule of this machine drops its own SYNs" in unread.summary


SILENT = samples.intake(Outcome.SILENT, waited_s=1.25, limit=128, looks=9)


@pytest.mark.parametrize(("own", "named"), [(True, ["firewall-drop"]), (False, [])])
def test_a_rule_that_stops_us_too_and_cant_be_decided_is_likely(
    *, own: bool, named: list[str]
) -> None:
    unsure = samples.rule(certainty=Certainty.POSSIBLE, own=own)
    facts = (*samples.base(), samples.listeners(EVERYWHERE), SILENT)
    found = conclude(view(*facts, samples.rules(unsure, keeps_out_itself=True)))
    assert [one.cause.id for one in found.named] == named
    assert {one.judgement.status for one in found.named} <= {Status.LIKELY}


def test_half_open_connections_fill_a_listeners_queue() -> None:
    crowded = replace(SILENT, half_open=12, half_open_room=12, drops=2)
    facts = (*samples.base(), samples.listeners(EVERYWHERE), samples.rules())
    named = conclude(view(*facts, crowded)).named
    assert [one.cause.id for one in named] == ["accept-queue-full"]
    assert "12 half-open connections" in named[0].judgement.explanation
    roomy = replace(crowded, half_open_room=None)
    assert conclude(view(*facts, roomy)).outcome == "inconclusive"


def test_a_listener_bound_to_loopback_serves_this_machine_alone() -> None:
    bound = samples.listener(interface="lo")
    facts = (BOTH, samples.base()[1], samples.rules(), samples.served())
    named = conclude(view(*facts, samples.listeners(bound))).named
    assert [one.cause.id for one in named] == ["listens-elsewhere"]
    other = samples.listener(interface="wg0")
    assert conclude(view(*facts, samples.listeners(other))).named == ()


def test_a_loopback_that_is_down_is_not_connected_over() -> None:
    lo, eth0 = BOTH.links
    down = replace(BOTH, links=(replace(lo, up=False), eth0))
    facts = (down, samples.base()[1], samples.listeners(EVERYWHERE), samples.rules())
    assert Step.INTAKE not in {it.step for it in wanted(view(*facts))}
    assert conclude(view(*facts)).outcome == "healthy"


def test_an_answer_that_nobody_waits_for_is_not_healthy() -> None:
    late = samples.served(asked="http", answered_s=5.0, status=200, said=9)
    conclusion = conclude(serving(late, timeout_s=1.0))
    assert conclusion.outcome == "inconclusive"
    assert "serves only after 5.0 s, and 1 s are waited" in conclusion.summary
    assert "response-slow" in {one.id for one in conclusion.open}
    assert conclude(serving(late, timeout_s=6.0)).outcome == "healthy"
