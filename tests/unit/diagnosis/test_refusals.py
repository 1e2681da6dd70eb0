"""Resets and refusals: whose they are, and where whoever sent them stands."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.forged import forged_at
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.path_view import hops_away
from layerwalk.diagnosis.refusals import hop_of, refused
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Outcome,
    PortState,
    Refusal,
    RouteKind,
    TraceKind,
)
from tests.unit.diagnosis.sayings import (
    FIRST,
    LAST,
    OWN,
    RESET,
    SECOND,
    START,
    T,
    said,
    status,
    traced,
    tried,
)
from tests.unit.diagnosis.views import address


@pytest.mark.parametrize(
    ("ttl", "hops"), [(64, 1), (61, 4), (128, 1), (255, 1), (250, 6), (65, 64)]
)
def test_a_ttl_tells_how_far_away(ttl: int, hops: int) -> None:
    assert hops_away(samples.answer(AnswerKind.RST, ttl=ttl)) == hops


def reset_at(hop: int, ttl: int = 61) -> Answer:
    return samples.answer(AnswerKind.RST, hop=hop, ttl=ttl)


def test_a_reset_as_far_away_as_the_target_is_its_own() -> None:
    facts = (*START, samples.alive(), samples.syn(RESET), traced(4, 3))
    assert forged_at(address(*facts)) is None
    assert status("port-closed", *facts) is Status.CONFIRMED
    assert status("firewall-reject", *facts) is Status.RULED_OUT


@pytest.mark.parametrize(
    ("first", "ttl", "expiries", "hop"), [(2, 63, {1}, 2), (3, 63, {1, 2}, 2), (2, 64, {1}, 1)]
)
def test_a_reset_that_comes_early_is_forged(
    first: int, ttl: int, expiries: set[int], hop: int
) -> None:
    """A router that rejects what it forwards lets expire at n, and resets at n + 1."""
    syns = {
        f"h{n}": samples.answer(AnswerKind.TIME_EXCEEDED, samples.ROUTERS[n - 1], hop=n)
        for n in expiries
    }
    path = samples.trace(
        samples.tries(TraceKind.ICMP, 4),
        tried(TraceKind.SYN, **syns, **{f"h{first}": reset_at(first, ttl)}),
    )
    facts = (*START, samples.alive(), samples.syn(reset_at(64, ttl)), path)
    assert forged_at(address(*facts)) == hop
    reject = said("firewall-reject", *facts)
    assert (reject.status, reject.where["after"]["hop"]) == (Status.CONFIRMED, hop)
    assert status("port-closed", *facts) is Status.RULED_OUT


def test_a_reset_nearer_than_any_other_answer_is_forged() -> None:
    facts = (*START, samples.alive(), samples.syn(reset_at(64, 63)))
    assert forged_at(address(*facts)) == 2
    same = samples.syn_options(((), 2, (reset_at(64, 63),)))
    assert forged_at(address(*facts, same)) == 2


def missing(hop: int, ttl: int) -> Answer:
    return samples.answer(AnswerKind.ECHO_REPLY, hop=hop, ttl=ttl)


@pytest.mark.parametrize("first", [5, 6])
def test_a_lost_answer_from_the_targets_true_distance_forges_nothing(first: int) -> None:
    """The target stands at hop 4; what it answered there was lost, and maybe at hop 5, too."""
    path = samples.trace(
        [
            *samples.tries(TraceKind.ICMP, 3),
            *tried(TraceKind.ICMP, **{f"h{first}": missing(first, 61)}),
        ],
        [*samples.tries(TraceKind.SYN, 3), *tried(TraceKind.SYN, h4=reset_at(4))],
    )
    facts = (*START, samples.alive(), samples.syn(reset_at(64)), path)
    assert address(*facts).path.distance == 4
    assert forged_at(address(*facts)) is None
    assert status("port-closed", *facts) is Status.CONFIRMED


def test_a_reset_of_this_machines_own_is_no_forgery() -> None:
    here = samples.route(kind=RouteKind.LOCAL, interface="lo", gateway="")
    facts = (here, samples.alive(), samples.syn(reset_at(64, 64)))
    assert forged_at(address(*facts)) is None
    assert status("port-closed", *facts) is Status.CONFIRMED


def test_without_raw_sockets_a_refusal_is_likely_a_closed_port() -> None:
    refused_fact = samples.connect(Outcome.REFUSED, "ECONNREFUSED")
    assert status("port-closed", *START, refused_fact) is Status.LIKELY
    assert address(refused_fact).port_state is PortState.CLOSED
    assert address(samples.connect(Outcome.FAILED, "EMFILE")).port_state is PortState.UNKNOWN


def test_a_target_that_rejects_is_named_as_the_host() -> None:
    own = samples.syn(samples.refusal(Refusal.PROHIBITED, T))
    reject = said("firewall-reject", *START, samples.alive(), own, traced(4, 3))
    assert (reject.where["kind"], reject.where["address"]) == ("host", T)
    assert reject.where["after"] == {"hop": 3, "address": LAST}
    unknown_distance = said("firewall-reject", *START, own)
    assert unknown_distance.where == {"kind": "host", "address": T}


@pytest.mark.parametrize("word", [Refusal.HOST, Refusal.NO_ROUTE])
def test_a_refusal_of_the_host_is_a_rule_only_where_others_get_through(word: Refusal) -> None:
    facts = (*START, samples.syn(samples.refusal(word, SECOND)))
    assert status("firewall-reject", *facts) is Status.UNKNOWN
    assert status("firewall-reject", *facts, samples.alive()) is Status.CONFIRMED
    assert status("firewall-reject", *facts, traced(3, 1)) is Status.CONFIRMED


def test_a_refusing_router_is_placed_by_its_expiries() -> None:
    host = address(*START, samples.syn(samples.refusal(Refusal.NO_ROUTE, SECOND)), traced(3))
    assert hop_of(host, SECOND) == 2


@pytest.mark.parametrize(("ttl", "hop"), [(63, 2), (62, 3)])
def test_where_it_reports_no_expiry_the_refusals_ttl_tells(ttl: int, hop: int) -> None:
    refusal = samples.refusal(Refusal.NO_ROUTE, "203.0.113.77", ttl=ttl, hop=3)
    first = samples.answer(AnswerKind.TIME_EXCEEDED, FIRST, hop=1)
    host = address(*START, samples.trace(tried(TraceKind.ICMP, h1=first, h2=None, h3=refusal)))
    assert hop_of(host, "203.0.113.77") == hop


def test_a_router_that_no_trace_saw_is_behind_those_that_were() -> None:
    assert hop_of(address(*START, traced(2)), "203.0.113.77") == 3


def test_a_refusal_by_the_target_or_by_us_is_no_routers() -> None:
    by_target = samples.syn(samples.refusal(Refusal.PORT, T))
    by_us = samples.syn(samples.refusal(Refusal.HOST, OWN))
    assert refused(address(*START, by_target), *Refusal) is None
    assert refused(address(*START, by_us), *Refusal) is None
