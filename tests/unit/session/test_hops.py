"""The path as the report shows it."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import Answer, AnswerKind, Refusal, TraceFact, TraceKind, Try
from layerwalk.session.hops import rows

FIRST, SECOND, THIRD = samples.ROUTERS
T = samples.TARGET
ICMP, SYN = TraceKind.ICMP, TraceKind.SYN


def one(hop: int, kind: TraceKind, answer: Answer | None = None, *, again: bool = False) -> Try:
    return Try(hop=hop, kind=kind, answer=answer, again=again)


def expiry(responder: str, rtt_s: float = 0.002) -> Answer:
    return samples.answer(AnswerKind.TIME_EXCEEDED, responder, rtt_s=rtt_s)


def traced(*tries: Try) -> TraceFact:
    return samples.trace(tries)


def test_a_whole_path_ends_at_the_target() -> None:
    found = rows([samples.trace(samples.tries(ICMP, 4, asked=8), samples.tries(SYN, 2))])
    assert [row.hop for row in found] == [1, 2, 3, 4]
    assert [row.addresses for row in found] == [(FIRST,), (SECOND,), (THIRD,), (T,)]
    assert [row.target for row in found] == [False, False, False, True]
    assert [row.syn for row in found] == ["answered", "answered", "silent", "silent"]


def test_nothing_answered_is_no_path() -> None:
    assert rows([]) == ()
    assert rows([samples.trace(samples.tries(ICMP, 0))]) == ()


def test_a_silent_hop_on_the_way_has_a_row() -> None:
    found = rows([traced(one(1, ICMP, expiry(FIRST)), one(2, ICMP), one(3, ICMP, expiry(THIRD)))])
    assert [(row.addresses, row.sent, row.received) for row in found] == [
        ((FIRST,), 1, 1),
        ((), 1, 0),
        ((THIRD,), 1, 1),
    ]
    assert found[1].rtt_s == {}
    assert found[1].syn == "not_run"


def test_several_addresses_at_one_hop_are_all_named() -> None:
    (row,) = rows([traced(one(1, ICMP, expiry(FIRST)), one(1, SYN, expiry(SECOND)))])
    assert row.addresses == (FIRST, SECOND)


def test_what_routers_add_is_told_once() -> None:
    labelled = replace(expiry(FIRST), extensions=("MPLS label 16, class 0, TTL 1",))
    (row,) = rows([traced(one(1, ICMP, labelled), one(1, SYN, labelled))])
    assert row.extensions == ("MPLS label 16, class 0, TTL 1",)


def test_names_stand_beside_their_addresses() -> None:
    trace = traced(one(1, ICMP, expiry(FIRST)), one(1, SYN, expiry(SECOND)), one(2, ICMP))
    (row,) = rows([trace], {SECOND: "b.lab.test", THIRD: "c.lab.test"})
    assert (row.addresses, row.names) == ((FIRST, SECOND), ("", "b.lab.test"))
    assert rows([trace], {THIRD: "c.lab.test"})[0].names == ()


def test_round_trips_are_best_mean_and_worst() -> None:
    (row,) = rows([traced(*(one(1, ICMP, expiry(FIRST, rtt)) for rtt in (0.001, 0.002, 0.006)))])
    assert row.rtt_s == {"best": 0.001, "mean": 0.003, "worst": 0.006}


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (None, "silent"),
        (expiry(FIRST), "answered"),
        (samples.answer(AnswerKind.SYN_ACK), "answered"),
        (samples.answer(AnswerKind.RST), "answered"),
        (samples.refusal(Refusal.PROHIBITED, FIRST), "rejected"),
    ],
)
def test_the_syns_fate_is_told(answer: Answer | None, fate: str) -> None:
    (row,) = rows([traced(one(1, ICMP, expiry(FIRST)), one(1, SYN, answer))])
    assert row.syn == fate


def test_traces_of_one_address_make_one_path() -> None:
    found = rows(
        [
            samples.trace(samples.tries(ICMP, 2, asked=2)),
            samples.trace(samples.tries(TraceKind.CONTROL, 4)),
        ]
    )
    assert [row.addresses[0] for row in found] == [*samples.ROUTERS, T]
    assert [set(row.probes) for row in found] == [{"icmp", "control"}] * 2 + [{"control"}] * 2


def test_loss_is_counted_by_the_kind_that_the_hop_answers_best() -> None:
    """A router that leaves datagrams unanswered loses nothing; nor is a dropped SYN its loss."""
    udp = TraceKind.UDP
    lossy = [one(1, ICMP, expiry(FIRST)), one(1, ICMP), one(1, udp), one(1, SYN)]
    (row,) = rows([traced(*lossy)])
    assert (row.sent, row.received) == (2, 1)
    assert row.probes == {"icmp": (2, 1), "udp": (1, 0), "syn": (1, 0)}


def test_where_only_syns_were_sent_they_count() -> None:
    (row,) = rows([traced(one(1, SYN, expiry(FIRST)), one(1, SYN, again=True))])
    assert (row.sent, row.received) == (2, 1)


def test_a_reset_from_nearer_than_the_target_ends_no_path() -> None:
    reset = samples.answer(AnswerKind.RST)
    tries = (
        *samples.tries(ICMP, 4),
        one(1, SYN, expiry(FIRST)),
        one(2, SYN, reset),
        one(4, SYN, reset),
    )
    found = rows([traced(*tries)])
    assert [row.addresses for row in found] == [(FIRST,), (SECOND,), (THIRD,), (T,)]
    assert [row.target for row in found] == [False, False, False, True]
    assert [row.syn for row in found] == ["answered", "rejected", "not_run", "rejected"]


def test_a_reset_of_the_target_itself_ends_the_path() -> None:
    reset = samples.answer(AnswerKind.RST)
    found = rows([traced(*samples.tries(ICMP, 4), one(4, SYN, reset))])
    assert [row.syn for row in found] == ["not_run", "not_run", "not_run", "answered"]
    assert found[3].target
