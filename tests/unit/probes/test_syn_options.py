"""Which option makes a SYN vanish: what is sent, and what is made of the answers."""

import errno
from collections.abc import Callable
from dataclasses import replace

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    LINUX,
    Answer,
    AnswerKind,
    Outcome,
    PortState,
    SynOption,
    SynOptionsFact,
)
from layerwalk.probes.syn_options import NO_RAW, syn_options
from layerwalk.probes.wire.packets import Packet, Peer
from tests.unit.probes.simulated import PEER, SimulatedWire, answer, context

PORT = 5432
Carried = tuple[SynOption, ...]


def compared(
    takes: Callable[[Carried], AnswerKind | None], peer: Peer = PEER, *, is_open: bool = False
) -> tuple[SimulatedWire, SynOptionsFact]:
    """Compare where a SYN is answered by what it carries."""

    def network(packet: Packet) -> Answer | None:
        kind = takes(packet.peer.options)
        return answer(kind) if kind else None

    wire = SimulatedWire(network)
    return wire, syn_options(peer, PORT, context(wire), is_open=is_open)


def without(*bad: SynOption) -> Callable[[Carried], AnswerKind | None]:
    return lambda options: None if {*bad} & {*options} else AnswerKind.SYN_ACK


@pytest.mark.parametrize("bad", LINUX)
def test_the_option_is_named(bad: SynOption) -> None:
    _, fact = compared(without(bad))
    assert (fact.vanishes, fact.refused, fact.culprits) == (True, False, (bad,))
    assert f"with {bad} 0 of 2 answered" in fact.finding
    assert "plain 4 of 4 answered" in fact.finding


def test_flags_are_named_too() -> None:
    peer = replace(PEER, options=(*LINUX, SynOption.ECN))
    _, fact = compared(without(SynOption.ECN, SynOption.FAST_OPEN), peer)
    assert fact.vanishes
    assert fact.culprits == (SynOption.ECN, SynOption.FAST_OPEN)


def test_all_together_may_be_too_much() -> None:
    _, fact = compared(lambda options: None if len(options) > 2 else AnswerKind.SYN_ACK)
    assert fact.vanishes
    assert fact.culprits == ()


def test_a_port_that_is_silent_to_all_is_asked_little() -> None:
    wire, fact = compared(lambda _options: None)
    assert fact.outcome is Outcome.SILENT
    assert [packet.peer.options for _, packet in wire.sent] == [LINUX, LINUX, (), ()]
    assert not fact.vanishes
    assert {*wire.taken_back} == {packet for _, packet in wire.sent}


def test_the_plain_one_goes_the_way_of_the_one_that_vanished() -> None:
    wire, _ = compared(without(SynOption.SACK))
    ports = [packet.identity.first for _, packet in wire.sent]
    assert ports[:2] == ports[2:4]
    assert len({*ports}) == len(ports) - 2


def test_a_reset_is_told_from_silence() -> None:
    bad = SynOption.TIMESTAMPS
    _, fact = compared(lambda its: AnswerKind.RST if bad in its else AnswerKind.SYN_ACK)
    assert (fact.vanishes, fact.refused, fact.culprits) == (False, True, (bad,))
    assert fact.kernels.state is PortState.CLOSED
    assert "(reset)" in fact.finding


def test_a_closed_port_is_closed_whatever_a_syn_carries() -> None:
    wire, fact = compared(lambda _options: AnswerKind.RST)
    assert (fact.vanishes, fact.refused, len(wire.sent)) == (False, False, 4)


def test_a_port_that_takes_ours_is_only_asked_for_what_we_do_not_send() -> None:
    wire, fact = compared(without(SynOption.ECN), is_open=True)
    carried = [packet.peer.options for _, packet in wire.sent]
    ecn, fast_open = (SynOption.ECN,), (SynOption.FAST_OPEN,)
    assert carried == [ecn, fast_open, LINUX, ecn, LINUX]
    assert fact.culprits == (SynOption.ECN,)
    assert fact.finding.endswith(
        "; SYNs with ECN do not get through, and this machine sends none such"
    )


def test_a_limit_is_not_taken_for_an_options_fault() -> None:
    _, fact = compared(lambda _options: None, is_open=True)
    assert fact.culprits == ()
    assert "none such" not in fact.finding


def test_one_that_gets_through_after_all_has_not_vanished() -> None:
    asked: list[Carried] = []

    def now_and_then(options: Carried) -> AnswerKind | None:
        asked.append(options)
        lost = options == LINUX and asked.count(LINUX) != 3
        return None if lost else AnswerKind.SYN_ACK

    _, fact = compared(now_and_then)
    assert (fact.vanishes, fact.kernels.answered) == (False, 1)


def test_without_raw_sockets_it_can_not_be_compared() -> None:
    wire = SimulatedWire(lambda _packet: None, raw=False)
    fact = syn_options(PEER, PORT, context(wire), is_open=False)
    assert (fact.outcome, fact.detail, wire.sent) == (Outcome.NOT_PERMITTED, NO_RAW, [])
    bare = syn_options(PEER, PORT, ProbeContext(), is_open=False)
    assert bare.outcome is Outcome.NOT_PERMITTED


def test_ports_that_run_out_and_walks_that_end_are_no_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire = SimulatedWire(lambda _packet: None)
    ctx = context(wire)
    ctx.cancel.set()
    assert syn_options(PEER, PORT, ctx, is_open=False).outcome is Outcome.CANCELLED

    def none_left(_source: str, _purpose: str) -> int:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(wire, "port", none_left)
    fact = syn_options(PEER, PORT, context(wire), is_open=False)
    assert (fact.variants, fact.detail) == ((), "Address already in use")
