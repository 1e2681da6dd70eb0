"""Answers taken apart for a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers import inet

from layerwalk.probes.wire import packets
from layerwalk.probes.wire.dissection import dissected
from layerwalk.probes.wire.packets import Peer
from tests.unit.probes.wire.peers import FOUR, PEERS, complaint, echo_reply, tcp


@pytest.mark.parametrize("peer", PEERS)
def test_every_layer_has_its_fields(peer: Peer) -> None:
    lines = "\n".join(dissected(tcp(packets.syn(peer, (4000, 443), 9), "SA").hex()))
    assert "flags     = SA" in lines
    assert peer.dst in lines


def test_what_was_quoted_is_taken_apart_too() -> None:
    error = complaint(packets.syn(FOUR, (4000, 443), 9), inet.ICMP(type=3, code=13))
    lines = "\n".join(dissected(error.hex()))
    assert "communication-prohibited" in lines
    assert "IP in ICMP" in lines


@given(st.sampled_from(PEERS), st.integers(1, 47))
def test_an_end_that_is_cut_off_is_no_matter(peer: Peer, length: int) -> None:
    whole = dissected(echo_reply(packets.echo(peer, 1, 2)).hex())
    cut = dissected(echo_reply(packets.echo(peer, 1, 2))[:length].hex())
    assert cut == ("no packet",) if length < peer.header else cut[:3] == whole[:3]


@settings(deadline=None)
@given(st.sampled_from([0x45, 0x46, 0x4F, 0x40, 0x60, 0x6F]), st.binary(max_size=90))
def test_no_bytes_upset_it(first: int, rest: bytes) -> None:
    assert dissected(bytes([first]).hex() + rest.hex()) != ()


@pytest.mark.parametrize("text", ["", "nonsense", "00", "ff" * 40])
def test_what_is_no_packet_is_called_so(text: str) -> None:
    assert dissected(text) == ("no packet",)
