"""Sizes by SYNs that carry data, where the target answers no echo."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    EchoFate,
    Outcome,
    PathMtuFact,
    SizeMethod,
)
from layerwalk.probes.path_mtu import SMALL, path_mtu
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet
from tests.unit.probes.simulated import PEER, Network, SimulatedWire, answer, context
from tests.unit.probes.test_path_mtu import NARROW, narrowed, nobody_listens


@pytest.fixture(autouse=True)
def _no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.probes.path_mtu.listening", nobody_listens)


@contextmanager
def no_connection_seen(*_: object) -> Iterator[None]:
    """Stands in for a target whose connection tells nothing of old segments."""
    yield None


def without_echo(limit: int, least: int = 0) -> Network:
    """A narrow path to a port whose host answers SYNs of at least a size, and no echo."""

    def network(packet: Packet) -> Answer | None:
        found = narrowed(limit)(packet)
        if found is None or found.kind is not AnswerKind.ECHO_REPLY:
            return found
        laden = packet.identity.protocol == "tcp" and len(packet.data) >= least
        return answer(AnswerKind.SYN_ACK, mss=1460) if laden else None

    return network


def by_syns(network: Network, monkeypatch: pytest.MonkeyPatch) -> tuple[PathMtuFact, SimulatedWire]:
    monkeypatch.setattr("layerwalk.probes.sizes.seen_connection", no_connection_seen)
    wire = SimulatedWire(network)
    return path_mtu(PEER, 5432, context(wire)), wire


@pytest.mark.parametrize("limit", [SMALL, 576, 1300, 1499])
def test_where_no_echo_is_answered_syns_with_data_tell_the_size(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact, wire = by_syns(without_echo(limit), monkeypatch)
    assert (fact.by, fact.passes, fact.vanishes) == (SizeMethod.SYN, limit, limit + 1)
    assert fact.syns_vanish is True
    assert fact.reached
    assert fact.reached.hop == NARROW
    assert fact.back
    assert fact.back.echo is EchoFate.NOT_ASKED
    syns = whole_syns(wire)
    assert {it.identity.first for it in wire.taken_back} == {it.identity.first for it in syns}
    assert len({it.identity.first for it in syns}) == len(syns)


def test_a_limit_on_syns_is_not_taken_for_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """While sizes are searched for only small SYNs get through, as the first of each burst."""
    _, searched = by_syns(without_echo(SMALL), monkeypatch)
    burst = len(whole_syns(searched)) - _IN_TURN
    asked = itertools.count()

    def limited(packet: Packet) -> Answer | None:
        is_syn = packet.identity.protocol == "tcp" and packet.hop == WHOLE_WAY
        ample = not is_syn or next(asked) >= burst
        return without_echo(9000 if ample else SMALL)(packet)

    fact, wire = by_syns(limited, monkeypatch)
    assert len(whole_syns(wire)) > burst
    assert fact.by is SizeMethod.SYN
    assert fact.syns_vanish is False


_IN_TURN = 12


def whole_syns(wire: SimulatedWire) -> list[Packet]:
    """The SYNs that had the TTL to arrive."""
    return [it for _, it in wire.sent if it.identity.protocol == "tcp" and it.hop == WHOLE_WAY]


def test_on_a_wide_path_few_syns_with_data_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    fact, wire = by_syns(without_echo(9000), monkeypatch)
    assert (fact.by, fact.passes, fact.vanishes) == (SizeMethod.SYN, PEER.mtu, 0)
    assert len(wire.hops("tcp")) == 4 + 1


def test_where_even_small_syns_get_lost_no_size_is_sought_by_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = itertools.count()

    def some(packet: Packet) -> Answer | None:
        return without_echo(1400)(packet) if next(asked) % 3 else None

    fact, wire = by_syns(some, monkeypatch)
    assert fact.by is SizeMethod.ECHO
    assert len(wire.hops("tcp")) == 4


def test_where_syns_with_data_are_not_taken_no_size_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fact, wire = by_syns(without_echo(9000, least=9000), monkeypatch)
    assert (fact.outcome, fact.passes, fact.vanishes) == (Outcome.SILENT, 0, 0)
    assert fact.finding == "no packet of any size was answered"
    assert len(wire.hops("tcp")) == 4
