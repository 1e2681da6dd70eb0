"""The strategy of a trace: which hops are asked what, and which of them a second time."""

from dataclasses import replace

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control_trace import control_trace
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Fact,
    Outcome,
    Refusal,
    TraceFact,
    TraceKind,
)
from layerwalk.probes.trace import AGAIN_S, MOST_HOPS, trace
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.paths import Path, router
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT = 5432
QUIET = frozenset({"tcp"})


def traced(path: Path, port: int | None = PORT) -> tuple[TraceFact, SimulatedWire]:
    wire = SimulatedWire(path)
    return trace(PEER, port, context(wire)), wire


def heard(fact: TraceFact, kind: TraceKind) -> list[int]:
    return [t.hop for t in fact.of(kind) if t.answer]


def upto(last: int) -> list[int]:
    return list(range(1, last + 1))


def test_a_sound_path_takes_one_wave_and_a_datagram_past_each_router() -> None:
    fact, wire = traced(Path(4))
    assert wire.hops("echo") == upto(12)
    assert wire.hops("tcp") == upto(5)
    assert wire.hops("udp") == upto(4)
    assert not any(t.again for t in fact.tries)
    assert fact.outcome is Outcome.ANSWERED


def test_where_routers_differ_one_more_flow_goes_there() -> None:
    """Hops 2 and 3 have two routers each, chosen by the source port."""
    plain = Path(4)

    def network(packet: Packet) -> Answer | None:
        found = plain(packet)
        if found and packet.hop in {2, 3} and packet.identity.protocol == "udp":
            return replace(found, responder=f"198.19.{packet.hop}.{packet.identity.first % 2}")
        return found

    wire = SimulatedWire(network)
    fact = trace(PEER, PORT, context(wire))
    assert wire.hops("udp") == [*upto(4), 2, 3]
    assert len({it.flow for it in fact.of(TraceKind.UDP)}) == 2
    seen = {it.answer.responder for it in fact.tries if it.hop == 2 and it.answer}
    assert seen == {router(2), "198.19.2.0", "198.19.2.1"}


def test_syns_go_no_further_than_the_target() -> None:
    for routers in (0, 1, 7):
        assert traced(Path(routers))[1].hops("tcp") == upto(routers + 1)


def test_a_known_distance_saves_the_wave() -> None:
    wire = SimulatedWire(Path(3))
    wire.known.learn(answer(AnswerKind.SYN_ACK), repeated=False)
    trace(PEER, PORT, context(wire))
    assert wire.hops("echo") == upto(5)


def test_a_long_path_takes_more_waves() -> None:
    fact, wire = traced(Path(15))
    assert wire.hops("echo") == upto(21)
    assert heard(fact, TraceKind.SYN) == upto(16)


def test_no_path_is_followed_further_than_thirty_hops() -> None:
    _, wire = traced(Path(40))
    assert max(wire.hops("echo")) == max(wire.hops("tcp")) == MOST_HOPS


def test_without_a_port_no_syn_is_sent() -> None:
    fact, wire = traced(Path(4), None)
    assert wire.hops("tcp") == []
    assert heard(fact, TraceKind.ICMP)[:5] == upto(5)


def test_only_what_was_silent_is_asked_again_and_not_before_its_time() -> None:
    fact, wire = traced(Path(5, silent=frozenset({2, 4})))
    assert wire.hops("udp") == [2, 4, 1, 3, 5, 2, 4]
    assert {t.hop for t in fact.tries if t.again} == {2, 4}
    last_first_try = max(at for at, packet in wire.sent if packet.identity.protocol == "tcp")
    again = wire.sent[-1][0]
    assert round(again - last_first_try, 6) >= AGAIN_S
    assert AGAIN_S > 1.1
    assert not [t for t in fact.tries if t.hop in {2, 4} and t.answer]


def test_a_hop_that_answers_the_second_try_is_heard() -> None:
    fact, _ = traced(Path(3, deaf=frozenset({2})))
    assert [t.hop for t in fact.tries if t.again and t.answer] == [2, 2]


def test_syns_that_stay_unseen_are_sent_again_where_others_are_answered() -> None:
    fact, wire = traced(Path(4, takes=frozenset({"echo"})))
    assert wire.hops("tcp") == [*upto(5), 5]
    assert wire.hops("udp") == upto(4)
    assert [t.hop for t in fact.of(TraceKind.SYN) if t.again] == [5]


def test_where_everything_vanishes_the_search_ends_a_little_beyond() -> None:
    fact, wire = traced(Path(8, cut=3))
    assert wire.hops("echo")[:12] == upto(12)
    assert max(wire.hops("tcp")) == 6
    assert {t.hop for t in fact.tries if t.again} == {4, 5, 6}
    assert heard(fact, TraceKind.SYN) == upto(3)


def test_a_target_that_only_takes_the_connection_ends_it_too() -> None:
    fact, wire = traced(Path(6, takes=QUIET))
    assert heard(fact, TraceKind.SYN)[-1] >= 7
    assert not [t for t in fact.tries if t.again and t.hop < 7]
    assert wire.taken_back


def test_a_refusal_ends_the_search_behind_it() -> None:
    fact, wire = traced(Path(6, refused=2, takes=frozenset()))
    assert {t.hop for t in fact.of(TraceKind.SYN) if t.answer and t.answer.refusal} >= {3}
    assert not [t for t in fact.of(TraceKind.SYN) if t.again]
    assert max(wire.hops("tcp")) <= 10


def test_a_circle_is_not_walked_round_for_ever() -> None:
    fact, wire = traced(Path(2, cut=2, circle=2))
    assert not any(one.again for one in fact.tries)
    assert wire.hops("udp") == []
    assert wire.hops("echo")[:12] == upto(12)
    assert max(wire.hops("echo")) <= 21
    assert {t.answer.responder for t in fact.tries if t.answer and t.hop > 2} == {
        router(2),
        router(3),
    }


def test_what_may_be_held_half_open_is_taken_back() -> None:
    _, wire = traced(Path(3))
    assert [packet.hop for packet in wire.taken_back] == [4]


def test_who_watches_sees_the_path_grow() -> None:
    seen: list[Fact] = []
    wire = SimulatedWire(Path(3))
    fact = trace(PEER, PORT, context(wire, seen.append))
    counts = [sum(1 for t in one.tries if t.answer) for one in seen if isinstance(one, TraceFact)]
    assert counts == sorted(counts)
    assert len(counts) == len(seen) > 2
    assert seen[-1] == fact


def test_a_walk_that_ends_early_keeps_what_it_has() -> None:
    wire = SimulatedWire(Path(3))
    ctx = context(wire)
    ctx.cancel.set()
    fact = trace(PEER, PORT, ctx)
    assert (fact.outcome, fact.tries, wire.sent) == (Outcome.CANCELLED, (), [])


@pytest.mark.parametrize("cut", [0, 2])
def test_a_silent_path_is_silent(cut: int) -> None:
    fact, _ = traced(Path(4, cut=cut, silent=frozenset(upto(4))))
    assert fact.outcome is Outcome.SILENT


def test_without_rights_nothing_is_traced() -> None:
    assert trace(PEER, PORT, ProbeContext()).outcome is Outcome.NOT_PERMITTED
    assert control_trace(PEER, PORT, ProbeContext()).outcome is Outcome.NOT_PERMITTED


def controlled(path: Path, port: int = 443) -> tuple[TraceFact, SimulatedWire]:
    wire = SimulatedWire(path)
    return control_trace(PEER, port, context(wire)), wire


def test_the_distance_is_found_by_another_port() -> None:
    fact, wire = controlled(Path(5, takes=QUIET))
    assert min(t.hop for t in fact.tries if t.answer and t.answer.responder == PEER.dst) == 6
    assert (fact.control_port, wire.hops("tcp")) == (443, upto(12))
    assert all(packet.hop >= 6 for packet in wire.taken_back)


def test_a_distant_port_is_looked_for_further_out() -> None:
    _, wire = controlled(Path(20, takes=QUIET))
    assert wire.hops("tcp") == upto(MOST_HOPS)


def test_a_hint_saves_the_search() -> None:
    wire = SimulatedWire(Path(3, takes=QUIET))
    wire.known.learn(answer(AnswerKind.SYN_ACK), repeated=False)
    control_trace(PEER, 443, context(wire))
    assert wire.hops("tcp") == upto(5)


def test_the_hop_before_the_target_is_asked_again() -> None:
    fact, wire = controlled(Path(4, takes=QUIET, silent=frozenset({4})))
    assert wire.hops("tcp") == [*upto(12), 4]
    assert [t.hop for t in fact.tries if t.again] == [4]


def test_a_port_that_says_nothing_gives_no_distance() -> None:
    fact, _ = controlled(Path(3, cut=0, takes=frozenset()))
    assert fact.outcome is Outcome.SILENT


def test_a_router_that_looks_for_the_host_for_seconds_does_not_stretch_the_waits() -> None:
    late = replace(answer(AnswerKind.UNREACHABLE, router(1), refusal=Refusal.HOST), rtt_s=2.0)
    wire = SimulatedWire(lambda packet: late if packet.hop == 1 else None)
    began = wire.now
    assert trace(PEER, PORT, context(wire)).outcome is Outcome.ANSWERED
    assert wire.now - began < 2 * late.rtt_s
