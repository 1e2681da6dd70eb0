"""A failing and a working flow, followed side by side."""

from layerwalk.diagnosis import samples
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, TraceFact, TraceKind
from layerwalk.probes.flow_trace import flow_trace
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.paths import EXPIRED, router
from tests.unit.probes.simulated import PEER, Network, SimulatedWire, answer, context

SEEN = samples.flows(6, never=5)
DEAD = {flow.port for flow in SEEN.never}
F, W = TraceKind.FAILING, TraceKind.WORKING


def divided(cut: int, routers: int = 4, silent: frozenset[int] = frozenset()) -> Network:
    """A path on which the dead flows end behind hop ``cut``."""

    def network(packet: Packet) -> Answer | None:
        dead = packet.identity.first in DEAD
        if packet.hop in silent or (dead and packet.hop > cut):
            return None
        if packet.hop <= routers:
            return answer(EXPIRED, router(packet.hop), packet.hop)
        return answer(AnswerKind.SYN_ACK, PEER.dst, packet.hop)

    return network


def followed(network: Network, *, raw: bool = True) -> tuple[TraceFact, SimulatedWire]:
    wire = SimulatedWire(network, raw=raw)
    return flow_trace(PEER, SEEN, 5, context(wire)), wire


def heard(fact: TraceFact, kind: TraceKind) -> set[int]:
    return {one.hop for one in fact.of(kind) if one.answer}


def test_both_are_followed_up_to_the_target() -> None:
    fact, wire = followed(divided(2))
    assert heard(fact, F) == {1, 2}
    assert heard(fact, W) == {1, 2, 3, 4, 5}
    assert {one.flow for one in fact.of(F)} == {SEEN.never[0].port}
    assert {one.flow for one in fact.of(W)} == {SEEN.always[0].port}
    assert all(packet.bound for _, packet in wire.sent)


def test_what_was_silent_is_asked_again_a_second_later() -> None:
    fact, wire = followed(divided(2))
    again = [one.hop for one in fact.tries if one.again]
    assert again == [3, 4, 5]
    assert wire.now - 1000.0 >= 1.1


def test_what_is_answered_is_not() -> None:
    fact, _ = followed(divided(2, silent=frozenset({1})))
    assert [(one.kind, one.hop) for one in fact.tries if one.again] == [
        (F, 1),
        (F, 3),
        (F, 4),
        (F, 5),
        (W, 1),
    ]


def test_without_raw_sockets_each_hop_has_a_flow_of_its_own_while_there_are_any() -> None:
    fact, wire = followed(divided(2), raw=False)
    first = [one for one in fact.of(F) if not one.again]
    assert len({one.flow for one in first}) == len(first) == 5
    assert wire.given_up


def test_what_may_be_held_half_open_is_taken_back() -> None:
    _, wire = followed(divided(2))
    assert {packet.hop for packet in wire.taken_back} == {5}


def test_without_a_wire_it_says_so() -> None:
    assert flow_trace(PEER, SEEN, 5, ProbeContext()).outcome is Outcome.NOT_PERMITTED
