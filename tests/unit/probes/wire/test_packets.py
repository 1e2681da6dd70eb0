"""What goes out, as scapy reads it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scapy.layers import inet, inet6

from layerwalk.probes.facts import LINUX, SynOption
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import WHOLE_WAY, Packet, Peer
from tests.unit.probes.wire.peers import FOUR, PEERS, SIX, dissected, recomputed

peers = st.sampled_from(PEERS)
ports = st.tuples(st.integers(1, 65535), st.integers(1, 65535))
hops = st.integers(1, 64)
words = st.integers(1, 0xFFFE)
sequences = st.integers(0, 0xFFFFFFFF)


def ttl(layers: Any) -> int:
    return int(layers.ttl if layers.version == 4 else layers.hlim)


def flow(packet: Packet) -> bytes:
    """The bytes that routers may choose a path by: addresses, protocol, the first four behind."""
    header = packet.peer.header
    fixed = packet.data[12:20] if packet.peer.version == 4 else packet.data[:4] + packet.data[8:40]
    return fixed + packet.data[header : header + 4]


def check_header(packet: Packet, hop: int) -> Any:
    layers = dissected(packet)
    assert (layers.src, layers.dst, ttl(layers)) == (packet.peer.source, packet.peer.dst, hop)
    if layers.version == 4:
        assert str(layers.flags) == "DF"
        assert layers.len == len(packet.data)
    else:
        assert layers.plen == len(packet.data) - 40
    return layers


@given(peers, words, words, hops, st.integers(0, 1500))
def test_an_echo_is_whole(peer: Peer, ident: int, number: int, hop: int, size: int) -> None:
    packet = packets.echo(peer, ident, number, hop, size)
    layers = check_header(packet, hop)
    request = layers[inet.ICMP if peer.version == 4 else inet6.ICMPv6EchoRequest]
    assert (request.type, request.id, request.seq) == (
        8 if peer.version == 4 else 128,
        ident,
        number,
    )
    assert len(packet.data) == max(size, peer.header + 32)
    assert packet.data[peer.header :] == recomputed(packet)[peer.header :]
    assert packet.identity == ("echo", peer.dst, ident, 0, number)


@given(peers, words, st.lists(words, min_size=2, max_size=4), st.sampled_from([0, 600, 1401]))
def test_echoes_of_one_trace_are_one_flow(
    peer: Peer, ident: int, numbers: list[int], size: int
) -> None:
    made = [packets.echo(peer, ident, number, 3, size) for number in numbers]
    assert len({flow(packet) for packet in made}) == 1
    at = peer.header + 2
    assert len({packet.data[at : at + 2] for packet in made}) == 1


@given(peers, ports, words, hops)
def test_a_datagrams_number_is_its_checksum(
    peer: Peer, pair: tuple[int, int], number: int, hop: int
) -> None:
    packet = packets.udp(peer, pair, number, hop)
    layers = check_header(packet, hop)
    assert (layers[inet.UDP].sport, layers[inet.UDP].dport) == pair
    assert layers[inet.UDP].chksum == number
    assert layers[inet.UDP].len == len(packet.data) - peer.header
    assert packet.data[peer.header :] == recomputed(packet)[peer.header :]


@given(peers, ports, words, words)
def test_datagrams_of_one_trace_are_one_flow(
    peer: Peer, pair: tuple[int, int], one: int, other: int
) -> None:
    assert flow(packets.udp(peer, pair, one, 1)) == flow(packets.udp(peer, pair, other, 9))


@given(peers, ports, sequences, hops)
def test_a_syn_is_a_kernels(peer: Peer, pair: tuple[int, int], number: int, hop: int) -> None:
    packet = packets.syn(peer, pair, number, hop)
    segment = check_header(packet, hop)[inet.TCP]
    assert (segment.sport, segment.dport, segment.seq, str(segment.flags)) == (*pair, number, "S")
    names = [name for name, _ in segment.options]
    assert names == ["MSS", "SAckOK", "Timestamp", "NOP", "WScale"]
    assert dict(segment.options)["MSS"] == peer.mtu - peer.header - 20
    assert packet.data[peer.header :] == recomputed(packet)[peer.header :]
    assert flow(packet) == flow(packets.syn(peer, pair, 1, 1))


@given(peers, ports, sequences)
def test_a_reset_takes_its_syn_back(peer: Peer, pair: tuple[int, int], number: int) -> None:
    packet = packets.reset(packets.syn(peer, pair, number, 7))
    segment = check_header(packet, WHOLE_WAY)[inet.TCP]
    assert (segment.sport, segment.dport, str(segment.flags)) == (*pair, "R")
    assert segment.seq == (number + 1) % (1 << 32)
    assert packet.data[peer.header :] == recomputed(packet)[peer.header :]


sizes = st.integers(120, 1500)


@given(peers, ports, st.tuples(sequences, sequences), sizes)
@example(Peer("2001:db8::10", "2001:db8::1"), (1, 2), (0, 4018698), 120)
def test_an_old_segment_ends_where_the_window_begins(
    peer: Peer, pair: tuple[int, int], numbers: tuple[int, int], size: int
) -> None:
    packet = packets.old_segment(peer, pair, numbers, size)
    segment = check_header(packet, WHOLE_WAY)[inet.TCP]
    data = len(packet.data) - peer.header - 20
    assert len(packet.data) == size
    assert (segment.seq + data) % (1 << 32) == numbers[0]
    assert (segment.ack, str(segment.flags)) == (numbers[1], "A")
    assert packet.data[peer.header :] == recomputed(packet)[peer.header :]


@given(peers, st.tuples(sequences, sequences), sizes)
def test_old_segments_that_expire_have_numbers_of_their_own(
    peer: Peer, numbers: tuple[int, int], size: int
) -> None:
    made = [packets.old_segment(peer, (1, 2), numbers, size, hop) for hop in (1, 2, 30, WHOLE_WAY)]
    assert len({packet.identity for packet in made}) == 4
    for packet in made:
        segment = dissected(packet)[inet.TCP]
        behind = (numbers[0] - segment.seq - (size - peer.header - 20)) % (1 << 32)
        assert behind <= 30


@pytest.mark.parametrize(
    ("peer", "version", "header", "dst"),
    [
        (FOUR, 4, 20, "198.51.100.10"),
        (SIX, 6, 40, "2001:db8:2::10"),
        (Peer("fe80::1%eth0", "fe80::2%eth0"), 6, 40, "fe80::1"),
    ],
)
def test_a_peer_knows_its_family(peer: Peer, version: int, header: int, dst: str) -> None:
    assert (peer.version, peer.header, peer.dst) == (version, header, dst)


def test_a_scope_does_not_go_into_the_packet() -> None:
    packet = packets.echo(Peer("fe80::1%eth0", "fe80::2%eth0"), 1, 1)
    layers = dissected(packet)
    assert (layers.src, layers.dst) == ("fe80::2", "fe80::1")


@pytest.mark.parametrize("mtu", [1280, 1400, 9000])
def test_a_smaller_link_announces_a_smaller_segment(mtu: int) -> None:
    packet = packets.syn(Peer(FOUR.address, FOUR.source, "eth0", mtu), (1, 2), 3)
    assert dict(dissected(packet)[inet.TCP].options)["MSS"] == mtu - 40


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize(
    ("options", "flags", "read"),
    [
        ((), "S", []),
        ((SynOption.MSS,), "S", ["MSS"]),
        ((SynOption.SACK,), "S", ["SAckOK"]),
        ((SynOption.TIMESTAMPS,), "S", ["Timestamp"]),
        ((SynOption.WINDOW_SCALE,), "S", ["WScale"]),
        ((SynOption.FAST_OPEN,), "S", ["TFO"]),
        ((SynOption.ECN,), "SEC", []),
        ((SynOption.ACCURATE_ECN,), "SECN", []),
        (LINUX, "S", ["MSS", "SAckOK", "Timestamp", "WScale"]),
    ],
)
def test_a_syn_carries_what_it_is_told(
    version: int, options: tuple[SynOption, ...], flags: str, read: list[str]
) -> None:
    peer = replace(FOUR if version == 4 else SIX, options=options)
    packet = packets.syn(peer, (1, 2), 3)
    segment = dissected(packet)[inet.TCP]
    names = [name for name, _ in segment.options if name not in {"NOP", "EOL"}]
    assert (str(segment.flags), names) == (flags, read)
    assert packet.data[peer.header :] == recomputed(packet)[peer.header :]
