"""The search for the largest packet: exact whatever the limit, and whoever says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    EchoFate,
    Outcome,
    PathMtuFact,
    Refusal,
    SizeMethod,
)
from layerwalk.probes.first_words import Ear
from layerwalk.probes.path_mtu import SMALL, path_mtu
from layerwalk.probes.syn import FIRST, syn
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet
from tests.unit.probes.paths import router
from tests.unit.probes.simulated import PEER, Network, SimulatedWire, answer, context


@contextmanager
def nobody_listens(*_: object) -> Iterator[list[Ear]]:
    """Stands in for connections of the kernel's own, which would leave the simulation."""
    yield []


@pytest.fixture(autouse=True, scope="module")
def _no_connection() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layerwalk.probes.path_mtu.listening", nobody_listens)
        yield


NARROW = 3
"""The hop behind which the small link lies."""

DISTANCE = 6


def narrowed(limit: int, told: int = 0) -> Network:
    """A path that carries so many bytes; ``told`` is what its router says of larger ones."""

    def network(packet: Packet) -> Answer | None:
        fits = len(packet.data) <= limit
        if packet.hop < DISTANCE and (fits or packet.hop <= NARROW):
            return answer(AnswerKind.TIME_EXCEEDED, router(packet.hop), packet.hop)
        if fits:
            return answer(AnswerKind.ECHO_REPLY)
        if told and packet.hop == WHOLE_WAY:
            return answer(AnswerKind.TOO_BIG, router(NARROW), mtu=told)
        return None

    return network


def searched(network: Network) -> tuple[PathMtuFact, SimulatedWire]:
    wire = SimulatedWire(network)
    return path_mtu(PEER, None, context(wire)), wire


@given(st.integers(SMALL, PEER.mtu - 1))
def test_a_limit_that_nobody_tells_is_found_to_the_byte(limit: int) -> None:
    fact, wire = searched(narrowed(limit))
    assert (fact.outcome, fact.passes, fact.vanishes) == (Outcome.ANSWERED, limit, limit + 1)
    assert (fact.by, fact.told, fact.segment_passes) == (SizeMethod.ECHO, 0, None)
    assert fact.reached
    assert (fact.reached.hop, fact.reached.responder) == (NARROW, router(NARROW))
    assert len(wire.sent) < 150


@given(st.integers(SMALL + 1, PEER.mtu - 1))
def test_a_limit_that_is_told_is_taken_at_its_word_and_tried(limit: int) -> None:
    fact, wire = searched(narrowed(limit, told=limit))
    assert (fact.passes, fact.vanishes, fact.told) == (limit, 0, limit)
    assert fact.too_big[0].responder == router(NARROW)
    assert len(wire.sent) < 10


@given(st.integers(SMALL, PEER.mtu - 2), st.data())
def test_a_router_that_tells_too_much_is_found_out(limit: int, data: st.DataObject) -> None:
    """It says a size that vanishes further on: the true one lies below."""
    told = data.draw(st.integers(limit + 1, PEER.mtu - 1))

    def network(packet: Packet) -> Answer | None:
        size = len(packet.data)
        return narrowed(limit)(packet) if size <= told else narrowed(told, told)(packet)

    fact, _ = searched(network)
    assert (fact.passes, fact.vanishes, fact.told) == (limit, limit + 1, told)


def test_a_wide_path_takes_two_sizes() -> None:
    fact, wire = searched(narrowed(9000))
    assert (fact.passes, fact.vanishes) == (PEER.mtu, 0)
    assert [len(packet.data) for _, packet in wire.sent] == [SMALL, PEER.mtu, PEER.mtu]
    assert fact.back
    assert (fact.back.echo, fact.back.passes) == (EchoFate.WHOLE, PEER.mtu)


def test_a_target_that_answers_no_echo_is_silent() -> None:
    fact, wire = searched(lambda _packet: None)
    assert (fact.outcome, fact.passes, fact.vanishes) == (Outcome.SILENT, 0, 0)
    assert len(wire.sent) == 4


def test_a_large_packet_that_is_lost_once_has_not_vanished() -> None:
    lost: list[int] = []

    def network(packet: Packet) -> Answer | None:
        if len(packet.data) == PEER.mtu and len(lost) < 2:
            lost.append(packet.hop)
            return None
        return narrowed(9000)(packet)

    fact, _ = searched(network)
    assert (fact.passes, fact.vanishes) == (PEER.mtu, 0)


@given(st.integers(SMALL, PEER.mtu - 1), st.integers(0, 999))
def test_a_limit_is_found_to_the_byte_where_packets_get_lost(limit: int, seed: int) -> None:
    """One in five that would have arrived does not."""
    chance = Random(seed)  # noqa: S311  # a seed makes it repeatable

    def network(packet: Packet) -> Answer | None:
        lost = len(packet.data) > SMALL and packet.hop == WHOLE_WAY and chance.randrange(5) == 0
        return None if lost else narrowed(limit)(packet)

    fact, wire = searched(network)
    assert (fact.passes, fact.vanishes) == (limit, limit + 1)
    assert len(wire.sent) < 300


def test_a_router_that_is_tired_of_reporting_is_asked_again() -> None:
    """It reports nothing for a second, and then what the walk wants to know."""
    began: list[float] = []

    def network(packet: Packet) -> Answer | None:
        began[:] = began or [wire.now]
        tired = packet.hop == NARROW and wire.now < began[0] + 1.0
        return None if tired else narrowed(1300)(packet)

    wire = SimulatedWire(network)
    fact = path_mtu(PEER, None, context(wire))
    assert fact.reached
    assert fact.reached.hop == NARROW


def test_where_every_hop_reports_nobody_is_waited_for() -> None:
    fact, wire = searched(narrowed(1300))
    assert fact.reached
    assert wire.now - wire.sent[0][0] < 1.1


def test_a_walk_that_ends_early_says_so() -> None:
    wire = SimulatedWire(lambda _packet: None)
    ctx = context(wire)
    ctx.cancel.set()
    assert path_mtu(PEER, None, ctx).outcome is Outcome.CANCELLED


def test_without_rights_nothing_is_measured() -> None:
    assert path_mtu(PEER, 5432, ProbeContext()).outcome is Outcome.NOT_PERMITTED


def told_by_the_port(limit: int, mss: int, *, datagrams: bool) -> Network:
    """A narrow path to a port with this MSS, whose host answers datagrams that arrive."""

    def network(packet: Packet) -> Answer | None:
        kind = packet.identity.protocol
        if kind == "tcp":
            return answer(AnswerKind.SYN_ACK, mss=mss)
        if kind == "udp" and (datagrams or len(packet.data) <= limit):
            return answer(AnswerKind.UNREACHABLE, refusal=Refusal.PORT)
        return None if kind == "udp" else narrowed(limit)(packet)

    return network


def unprivileged(network: Network) -> tuple[PathMtuFact, SimulatedWire]:
    wire = SimulatedWire(network, raw=False, dear=("echo",))
    ctx = context(wire)
    syn(PEER, 5432, FIRST, ctx)
    return path_mtu(PEER, 5432, ctx), wire


@given(limit=st.integers(SMALL, PEER.mtu - 1), datagrams=st.booleans())
def test_without_raw_sockets_datagrams_say_whether_it_is_the_echoes(
    *, limit: int, datagrams: bool
) -> None:
    fact, wire = unprivileged(told_by_the_port(limit, 1460, datagrams=datagrams))
    assert (fact.passes, fact.vanishes, fact.segment) == (limit, limit + 1, 1500)
    assert fact.datagrams_vanish is not datagrams
    assert len(wire.hops("udp")) <= 3
    silent = [packet for packet in wire.given_up if not wire.answers(packet)]
    assert silent == wire.given_up


def test_the_size_to_begin_at_is_the_ports_segment() -> None:
    fact, wire = unprivileged(told_by_the_port(1340, 1300, datagrams=False))
    assert (fact.segment, fact.passes, fact.vanishes) == (1340, 1340, 0)
    assert [len(p.data) for _, p in wire.sent if p.identity.protocol == "echo"] == [
        SMALL,
        1340,
        1340,
    ]


def test_without_echoes_datagrams_are_tried_and_not_often() -> None:
    wire = SimulatedWire(told_by_the_port(1300, 1460, datagrams=False), raw=False, barred=("echo",))
    ctx = context(wire)
    syn(PEER, 5432, FIRST, ctx)
    fact = path_mtu(PEER, 5432, ctx)
    assert (fact.by, fact.passes, fact.vanishes) == (SizeMethod.UDP, SMALL, 1500)
    assert len(wire.hops("udp")) == 3
