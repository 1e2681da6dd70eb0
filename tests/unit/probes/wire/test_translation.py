"""Translation on the way: seen in what is quoted, and not taken for what else changes packets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import Answer, AnswerKind, TraceKind
from layerwalk.probes.facts.outcome import Outcome
from layerwalk.probes.facts.path import TraceFact, Try
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.translation import translated
from tests.unit.probes.wire.peers import PEERS


def syn(peer: Peer) -> Packet:
    return packets.syn(peer, (4000, 80), 99, 3)


def changed(packet: Packet, at: int, value: bytes) -> bytes:
    return packet.data[:at] + value + packet.data[at + len(value) :]


@pytest.mark.parametrize("peer", PEERS)
def test_what_comes_by_as_it_was_sent_is_not_translated(peer: Peer) -> None:
    packet = syn(peer)
    spent = changed(packet, 8 if peer.version == 4 else 7, b"\1")
    assert not translated(packet.data, spent)
    assert not translated(packet.data, spent[: peer.header + 8])
    assert not translated(packet.data, b"")


@pytest.mark.parametrize("peer", PEERS)
def test_another_source_address_tells(peer: Peer) -> None:
    packet = syn(peer)
    other = changed(packet, 12 if peer.version == 4 else 8, b"\xc0\0\2\x63")
    assert translated(packet.data, other[: peer.header + 8])


@pytest.mark.parametrize("peer", PEERS)
def test_a_checksum_of_another_address_tells(peer: Peer) -> None:
    packet = syn(peer)
    assert translated(packet.data, changed(packet, peer.header + 16, b"\x12\x34"))


@pytest.mark.parametrize("peer", PEERS)
def test_a_clamped_mss_is_no_translation(peer: Peer) -> None:
    packet = syn(peer)
    clamped = changed(packet, peer.header + 22, b"\x05\x00")
    clamped = clamped[: peer.header + 16] + b"\x12\x34" + clamped[peer.header + 18 :]
    assert not translated(packet.data, clamped)
    assert not translated(packet.data, clamped[: peer.header + 20])


@given(st.sampled_from(PEERS), st.binary(max_size=120))
def test_no_quote_trips_it(peer: Peer, quote: bytes) -> None:
    assert translated(syn(peer).data, quote) in {True, False}


def expiry(hop: int, *, nat: bool = False) -> Try:
    answer = Answer(
        kind=AnswerKind.TIME_EXCEEDED,
        responder=f"203.0.113.{hop}",
        hop=hop,
        rtt_s=0.001,
        translated=nat,
    )
    return Try(hop=hop, kind=TraceKind.ICMP, answer=answer)


def test_a_trace_says_between_which_hops() -> None:
    tries = (expiry(1), expiry(2), expiry(4, nat=True), expiry(5, nat=True))
    fact = TraceFact(outcome=Outcome.ANSWERED, address="198.51.100.10", tries=tries)
    assert fact.translated == (2, 4)
    assert fact.finding == "path to 198.51.100.10: icmp to hop 5, NAT between hop 2 and hop 4"
    assert TraceFact(outcome=Outcome.ANSWERED, address="", tries=tries[:2]).translated is None
