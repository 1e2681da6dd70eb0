"""Sampling loss: cheap where nothing is lost, and never fooled by a limit on one kind."""

import errno
import random
from dataclasses import replace

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, LossFact, Outcome, Refusal, Tally
from layerwalk.probes.facts.loss import round_trips
from layerwalk.probes.loss import loss
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, Network, SimulatedWire, answer, context

PORT = 5432
REPLY = {"echo": AnswerKind.ECHO_REPLY, "tcp": AnswerKind.SYN_ACK}


def losing(echo: float, syn: float, seed: int = 1) -> Network:
    """A target that loses so much of each kind."""
    dice = random.Random(seed)  # noqa: S311  # a seed makes it repeatable

    def network(packet: Packet) -> Answer | None:
        kind = packet.identity.protocol
        rate = echo if kind == "echo" else syn
        return None if dice.random() < rate else answer(REPLY[kind])

    return network


def sampled(
    network: Network, port: int | None = PORT, *, suspected: bool = False
) -> tuple[LossFact, SimulatedWire]:
    wire = SimulatedWire(network)
    return loss(PEER, port, context(wire), suspected=suspected), wire


def counts(fact: LossFact) -> dict[str, tuple[int, int]]:
    return {tally.kind: (tally.answered, tally.sent) for tally in fact.tallies}


def test_a_sound_path_costs_half_a_second() -> None:
    fact, wire = sampled(losing(0, 0))
    assert counts(fact) == {"echo": (32, 32), "SYN": (0, 0)}
    assert wire.now - 1000.0 < 0.6
    assert not fact.matters
    assert fact.finding == (
        f"lost on the way to {PEER.address} and back: 0 of 32 echoes (at most 11% of all "
        "with 95 % confidence); round trips 10.0/10.0/10.0 ms, jitter 0.0 ms"
    )


def test_where_pings_are_ignored_a_few_syns_do() -> None:
    fact, wire = sampled(losing(1, 0))
    assert counts(fact) == {"echo": (0, 6), "SYN": (28, 28)}
    assert (fact.matters, fact.syn_answer) == (False, "syn-ack")
    assert len({packet.identity.first for _, packet in wire.sent if packet.identity.second}) == 28


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("rate", [0.2, 0.3, 0.6])
def test_loss_is_found(rate: float, seed: int) -> None:
    fact, wire = sampled(losing(rate, rate, seed))
    assert fact.matters
    assert fact.lost.low - 0.1 < rate < fact.lost.high + 0.1
    assert len(wire.sent) <= 200


@pytest.mark.parametrize("seed", range(20))
def test_a_little_loss_is_an_accident(seed: int) -> None:
    assert not sampled(losing(0.02, 0.02, seed))[0].matters


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("rates", [(0.4, 0.0), (0.2, 0.0), (0.0, 0.4)])
def test_a_limit_on_one_kind_is_no_loss(rates: tuple[float, float], seed: int) -> None:
    fact, _ = sampled(losing(*rates, seed), suspected=True)
    assert not fact.matters


def test_what_stays_unanswered_is_taken_back() -> None:
    _, wire = sampled(losing(0.5, 0.5))
    syns = [packet for _, packet in wire.sent if packet.identity.protocol == "tcp"]
    assert wire.taken_back == syns
    assert syns


def test_a_host_without_a_port_is_sampled_by_echo() -> None:
    fact, wire = sampled(losing(0.3, 0.0), None)
    assert fact.matters
    assert {packet.identity.protocol for _, packet in wire.sent} == {"echo"}
    silent, _ = sampled(losing(1, 1), None)
    assert (silent.outcome, silent.usable) == (Outcome.SILENT, ())


def test_a_repeated_syn_ack_counts_as_lost() -> None:
    """The host sends it again a second later, so the first one did not get through."""
    late = iter([True, False] * 400)

    def network(packet: Packet) -> Answer | None:
        if packet.identity.protocol == "echo":
            return None
        found = answer(AnswerKind.SYN_ACK)
        return replace(found, rtt_s=1.01) if next(late) else found

    fact, wire = sampled(network)
    wire.now += 2.0
    assert 0.4 < fact.lost.rate < 0.6


def test_what_a_router_refuses_is_no_loss() -> None:
    def network(packet: Packet) -> Answer | None:
        if packet.identity.protocol == "echo":
            return answer(AnswerKind.ECHO_REPLY)
        found = answer(AnswerKind.UNREACHABLE, "203.0.113.1")
        return replace(found, refusal=Refusal.PROHIBITED)

    fact, _ = sampled(network, suspected=True)
    assert counts(fact)["SYN"] == (0, 0)
    assert not fact.matters


def test_a_sample_cut_short_says_nothing() -> None:
    wire = SimulatedWire(losing(0.5, 0.5))
    ctx = context(wire)
    ctx.cancel.set()
    fact = loss(PEER, PORT, ctx)
    assert fact.outcome is Outcome.CANCELLED
    assert not fact.matters
    assert fact.finding == "cancelled"


def test_without_rights_nothing_is_sampled() -> None:
    assert loss(PEER, PORT, ProbeContext()).outcome is Outcome.NOT_PERMITTED


def test_a_port_that_can_not_be_reserved_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = SimulatedWire(losing(0.5, 0.5))

    def none_left(_source: str, _purpose: str) -> int:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(wire, "port", none_left)
    fact = loss(PEER, PORT, context(wire))
    assert fact.detail == "Address already in use"
    assert counts(fact)["echo"][1] >= 32


def test_kinds_that_fare_alike_are_taken_together() -> None:
    echo = Tally(kind="echo", sent=40, answered=30)
    syn = Tally(kind="SYN", sent=20, answered=16)
    fact = LossFact(outcome=Outcome.ANSWERED, address=PEER.address, tallies=(echo, syn))
    assert (fact.lost.part, fact.lost.whole) == (14, 60)
    clean = replace(fact, tallies=(echo, replace(syn, answered=20)))
    assert (clean.lost.part, clean.lost.whole) == (0, 20)
    assert "ping -n" in fact.command


def test_round_trips_are_summed_up() -> None:
    trips = round_trips([0.4, 0.1, 0.2, 0.3, 1.0])
    assert trips
    assert (trips.best_s, trips.median_s, trips.late_s, trips.worst_s) == (0.1, 0.3, 0.4, 1.0)
    assert trips.jitter_s == pytest.approx(0.3)
    assert str(trips) == "100.0/300.0/1000.0 ms, jitter 300.0 ms"
    assert round_trips([]) is None


def test_where_no_echoes_can_be_sent_syns_do() -> None:
    wire = SimulatedWire(losing(0, 0.1, 3), barred=("echo",), raw=False)
    fact = loss(PEER, PORT, context(wire))
    assert counts(fact)["echo"] == (0, 0)
    assert 28 <= counts(fact)["SYN"][1] <= 90
    barred = SimulatedWire(losing(0, 0), barred=("echo", "tcp"))
    assert loss(PEER, PORT, context(barred)).outcome is Outcome.NOT_PERMITTED


def test_echoes_that_each_take_a_program_are_sent_where_syns_leave_it_open() -> None:
    wire = SimulatedWire(losing(0.2, 0.06, 3), dear=("echo",), raw=False)
    fact = loss(PEER, PORT, context(wire))
    answered, sent = counts(fact)["echo"]
    assert 0 < answered < sent <= 48
    unheard = [p for _, p in wire.sent if p.identity.protocol == "echo" and not wire.answers(p)]
    assert set(unheard) <= set(wire.given_up)
    for clear in (0.0, 0.6):
        sure = SimulatedWire(losing(0.2, clear), dear=("echo",), raw=False)
        assert counts(loss(PEER, PORT, context(sure)))["echo"] == (0, 0)


def test_what_our_kernel_will_not_send_comes_to_an_end() -> None:
    wire = SimulatedWire(losing(0, 0), errors=lambda _packet: errno.EPERM)
    fact = loss(PEER, PORT, context(wire), suspected=True)
    assert fact.outcome is Outcome.SILENT
    assert wire.sent == []


def test_an_old_delay_does_not_slow_the_sample() -> None:
    """The first answer of a walk may have waited for a neighbour to be found."""
    wire = SimulatedWire(losing(0.3, 0.3))
    first = replace(answer(AnswerKind.ECHO_REPLY), rtt_s=3.6)
    wire.known.learn(first, repeated=False)
    loss(PEER, PORT, context(wire))
    assert wire.now - 1000.0 < 4.0
