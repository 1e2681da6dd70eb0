"""The search for a reset's TTL: exact, in few rounds, and never wrong for one lost packet."""

from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import Answer, AnswerKind
from layerwalk.probes.reset_ttl import reset_ttl
from layerwalk.probes.syn import FIRST, ONCE, syn
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORTS = (40000, 5432)


class Resetting:
    """A target whose resets come with this TTL; the packets of some numbers get lost."""

    def __init__(self, ttl: int, lost: frozenset[int] = frozenset()) -> None:
        self.ttl = ttl
        self.lost = lost
        self.asked = 0

    def __call__(self, packet: Packet) -> Answer | None:
        self.asked += 1
        if packet.least_ttl > self.ttl or self.asked in self.lost:
            return None
        return Answer(kind=AnswerKind.RST, responder=PEER.dst, hop=packet.hop, rtt_s=0.01, ttl=0)


@given(ttl=st.integers(1, 255))
def test_it_is_found_in_few_packets(ttl: int) -> None:
    wire = SimulatedWire(Resetting(ttl))
    assert reset_ttl(PEER, PORTS, context(wire), wire) == ttl  # type: ignore[arg-type]
    assert len(wire.sent) <= 34


@given(ttl=st.integers(1, 255), lost=st.integers(1, 34))
def test_one_lost_packet_changes_nothing(ttl: int, lost: int) -> None:
    wire = SimulatedWire(Resetting(ttl, frozenset({lost})))
    assert reset_ttl(PEER, PORTS, context(wire), wire) == ttl  # type: ignore[arg-type]


def test_where_no_reset_comes_any_more_it_is_unknown() -> None:
    wire = SimulatedWire(lambda _packet: None)
    assert reset_ttl(PEER, PORTS, context(wire), wire) == 0  # type: ignore[arg-type]


def test_the_look_at_the_port_weighs_its_reset_and_others_do_not() -> None:
    wire = SimulatedWire(Resetting(61))
    assert {a.ttl for a in syn(PEER, 5432, FIRST, context(wire)).answers} == {61}
    assert {a.ttl for a in syn(PEER, 80, ONCE, context(wire)).answers} == {0}


def test_a_reset_that_was_seen_needs_no_search() -> None:
    wire = SimulatedWire(lambda packet: answer(AnswerKind.RST, hop=packet.hop))
    fact = syn(PEER, 5432, FIRST, context(wire))
    assert (len(wire.sent), fact.answers[0].ttl) == (1, 61)
