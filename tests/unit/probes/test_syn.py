"""Looks at a port: how many SYNs, how long, and what is taken back."""

import errno

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import control
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, PortState, Refusal
from layerwalk.probes.syn import FIRST, LAST, ONCE, Look, syn
from layerwalk.probes.waiting import WHOLE_SILENCE_S, until_silent
from layerwalk.probes.wire.packets import Packet
from tests.unit.probes.paths import Path
from tests.unit.probes.simulated import PEER, Network, SimulatedWire, answer, context

PORT = 5432


def nobody(_packet: Packet) -> Answer | None:
    return None


def looked(network: Network, look: Look = FIRST) -> tuple[SimulatedWire, PortState, int]:
    wire = SimulatedWire(network)
    fact = syn(PEER, PORT, look, context(wire))
    assert fact.last_look is look.last
    return wire, fact.state, fact.sent


def known(wire: SimulatedWire) -> SimulatedWire:
    """The target has answered something else before."""
    wire.known.learn(answer(AnswerKind.ECHO_REPLY), repeated=False)
    return wire


@pytest.mark.parametrize(
    ("kind", "state"), [(AnswerKind.SYN_ACK, PortState.OPEN), (AnswerKind.RST, PortState.CLOSED)]
)
def test_a_port_that_answers_gets_one_syn(kind: AnswerKind, state: PortState) -> None:
    assert looked(lambda _packet: answer(kind))[1:] == (state, 1)


@pytest.mark.parametrize("look", [FIRST, LAST, ONCE])
def test_a_silent_port_gets_all_of_them(look: Look) -> None:
    wire, state, sent = looked(nobody, look)
    assert (state, sent) == (PortState.SILENT, len(look.gaps_s))
    assert len({packet.identity[:4] for _, packet in wire.sent}) == 1
    assert wire.taken_back == [packet for _, packet in wire.sent]


def test_only_the_last_look_waits_until_silence_can_be_believed() -> None:
    began = 1000.0
    assert looked(nobody, FIRST)[0].now - began < 1.0
    assert looked(nobody, LAST)[0].now - began >= WHOLE_SILENCE_S


def test_a_host_that_answers_otherwise_need_not_be_waited_for_so_long() -> None:
    wire = known(SimulatedWire(nobody))
    syn(PEER, PORT, LAST, context(wire))
    assert wire.now - 1000.0 < 2.0


def test_a_later_look_takes_in_a_late_answer_to_an_earlier_one() -> None:
    def late(_packet: Packet) -> Answer | None:
        return Answer(kind=AnswerKind.SYN_ACK, responder=PEER.dst, hop=64, rtt_s=1.0)

    wire = SimulatedWire(late)
    assert syn(PEER, PORT, FIRST, context(wire)).state is PortState.SILENT
    wire.now += 1.0
    again = syn(PEER, PORT, LAST, context(wire))
    assert (again.state, again.sent) == (PortState.OPEN, 1)


def test_a_report_about_another_packet_is_reason_to_ask_once_more() -> None:
    gone = Answer(
        kind=AnswerKind.UNREACHABLE,
        responder="203.0.113.5",
        hop=64,
        rtt_s=3.1,
        refusal=Refusal.HOST,
    )
    wire = SimulatedWire(lambda packet: gone if packet.patient else None)
    wire.reported = lambda now: int(now >= 1002.5)
    fact = syn(PEER, PORT, LAST, context(wire))
    assert (fact.state, fact.sent, len(fact.answers)) == (PortState.REJECTED, 4, 1)
    assert [at for at, packet in wire.sent if packet.patient] == pytest.approx([1002.5], abs=0.1)


def test_a_report_that_is_our_own_is_no_reason_to_ask_again() -> None:
    wire = known(SimulatedWire(nobody))
    wire.reported = lambda now: int(now >= 1000.1)
    assert syn(PEER, PORT, LAST, context(wire)).sent == len(LAST.gaps_s)
    gone = SimulatedWire(nobody)
    gone.known.note_absence(PEER.dst)
    gone.reported = lambda now: int(now >= 1002.5)
    assert syn(PEER, PORT, LAST, context(gone)).sent == len(LAST.gaps_s)


def test_what_our_rules_refuse_is_counted_and_nothing_is_waited_for() -> None:
    wire = SimulatedWire(nobody, errors=lambda _packet: errno.EPERM)
    fact = syn(PEER, PORT, LAST, context(wire))
    assert (fact.state, fact.sent, fact.refused_locally) == (PortState.LOCAL, 0, 3)
    assert wire.taken_back == []


def test_a_port_that_can_not_be_reserved_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = SimulatedWire(nobody)

    def none_left(_source: str, _purpose: str) -> int:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(wire, "port", none_left)
    fact = syn(PEER, PORT, FIRST, context(wire))
    assert (fact.outcome, fact.detail) == (Outcome.FAILED, "Address already in use")


def test_a_walk_that_ends_early_is_not_silence() -> None:
    wire = SimulatedWire(nobody)
    ctx = context(wire)
    ctx.cancel.set()
    fact = syn(PEER, PORT, LAST, ctx)
    assert (fact.outcome, fact.state) == (Outcome.CANCELLED, PortState.UNKNOWN)


def test_without_rights_nothing_is_sent() -> None:
    bare = ProbeContext()
    assert syn(PEER, PORT, FIRST, bare).outcome is Outcome.NOT_PERMITTED
    assert echo(PEER, bare).outcome is Outcome.NOT_PERMITTED
    assert control(PEER, PORT, bare).outcome is Outcome.NOT_PERMITTED


def test_three_echoes_are_one_flow() -> None:
    wire = SimulatedWire(Path(3))
    fact = echo(PEER, context(wire))
    assert (fact.outcome, fact.sent, len(fact.replies)) == (Outcome.ANSWERED, 3, 3)
    assert [packet.identity.number for _, packet in wire.sent] == [1, 2, 3]


def test_echoes_that_are_refused_or_stopped_are_told() -> None:
    refused = echo(PEER, context(SimulatedWire(nobody, errors=lambda _packet: errno.EPERM)))
    assert (refused.outcome, refused.refused_locally) == (Outcome.REJECTED, 3)
    elsewhere = echo(PEER, context(SimulatedWire(nobody, errors=lambda _packet: errno.ENETUNREACH)))
    assert (elsewhere.outcome, elsewhere.sent) == (Outcome.NOT_RUN, 0)
    ctx = context(SimulatedWire(nobody))
    ctx.cancel.set()
    assert echo(PEER, ctx).outcome is Outcome.CANCELLED


def test_silent_echoes_are_listened_for_as_long_as_a_router_may_take() -> None:
    wire = SimulatedWire(nobody)
    assert echo(PEER, context(wire)).outcome is Outcome.SILENT
    assert wire.now - 1000.0 >= WHOLE_SILENCE_S


@pytest.mark.parametrize(("rtt_s", "least_s"), [(0.1, 0.3), (0.4, 1.2), (2.0, 3.0)])
def test_a_slow_target_is_given_three_round_trips_or_a_second_more(
    rtt_s: float, least_s: float
) -> None:
    wire = SimulatedWire(nobody)
    slow = Answer(kind=AnswerKind.ECHO_REPLY, responder=PEER.dst, hop=64, rtt_s=rtt_s)
    wire.known.learn(slow, repeated=False)
    began = wire.now
    assert not until_silent(lambda: False, PEER, context(wire), context(wire).wire, 0.1)  # type: ignore[arg-type]
    assert least_s <= wire.now - began < least_s + 0.3
