"""What comes in: scapy's answers read right, anything else read as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6
from scapy.packet import Raw

from layerwalk.probes.facts import AnswerKind, Refusal
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import Heard, read
from tests.unit.probes.wire.peers import (
    FOUR,
    PEERS,
    ROUTERS,
    SIX,
    back,
    complaint,
    echo_reply,
    exceeded,
    heard,
    tcp,
    too_big,
    unreachable,
)

peers = st.sampled_from(PEERS)
ports = st.tuples(st.integers(1, 65535), st.integers(1, 65535))
words = st.integers(1, 0xFFFE)
sequences = st.integers(0, 0xFFFFFFFF)


@st.composite
def probes(draw: st.DrawFn) -> Packet:
    """Any packet that we send."""
    peer, pair, hop = draw(peers), draw(ports), draw(st.integers(1, 64))
    kind = draw(st.sampled_from(["echo", "udp", "syn"]))
    if kind == "echo":
        return packets.echo(peer, pair[0], draw(words), hop)
    if kind == "udp":
        return packets.udp(peer, pair, draw(words), hop)
    return packets.syn(peer, pair, draw(sequences), hop)


@given(peers, words, words)
def test_an_echo_reply_is_its_requests(peer: Peer, ident: int, number: int) -> None:
    packet = packets.echo(peer, ident, number)
    found = heard(echo_reply(packet))
    assert (found.kind, found.identity) == (AnswerKind.ECHO_REPLY, packet.identity)
    assert (found.responder, found.ttl) == (peer.dst, 61)


@given(peers, ports, sequences, st.integers(536, 65535))
def test_a_syn_ack_is_its_syns(peer: Peer, pair: tuple[int, int], number: int, mss: int) -> None:
    packet = packets.syn(peer, pair, number)
    options = [("MSS", mss), ("SAckOK", b"")]
    found = heard(tcp(packet, "SA", options=options))
    assert (found.kind, found.identity) == (AnswerKind.SYN_ACK, packet.identity)
    assert (found.mss, found.window) == (mss, 65160)
    assert found.options == ("mss", "sack-permitted")
    assert found.numbers == (7, (number + 1) & 0xFFFFFFFF)


@pytest.mark.parametrize(
    ("flags", "kind"),
    [("RA", AnswerKind.RST), ("A", AnswerKind.ACK), ("SA", AnswerKind.SYN_ACK)],
)
@pytest.mark.parametrize("peer", PEERS)
def test_segments_are_told_by_their_flags(peer: Peer, flags: str, kind: AnswerKind) -> None:
    packet = packets.syn(peer, (4000, 80), 99)
    assert heard(tcp(packet, flags)).kind is kind


@pytest.mark.parametrize("flags", ["S", "F", ""])
def test_a_segment_that_acknowledges_nothing_answers_nothing(flags: str) -> None:
    assert read(tcp(packets.syn(FOUR, (4000, 80), 99), flags)) is None


def test_a_reset_for_a_stray_ack_is_named_by_its_number() -> None:
    packet = packets.stray_ack(FOUR, (4000, 80), 700)
    found = heard(tcp(packet, "R", seq=700))
    assert (found.kind, found.identity) == (AnswerKind.RST, packet.identity)


def test_a_duplicate_is_named_by_its_block() -> None:
    packet = packets.old_segment(FOUR, (4000, 80), (5000, 6000), 600)
    first = packet.identity.number
    found = heard(tcp(packet, "A", ack=5000, options=[("SAck", (first, first + 560))]))
    assert found.sack == (first, first + 560)


@given(probes(), st.integers(28, 200))
def test_an_expiry_is_its_probes(packet: Packet, quoted: int) -> None:
    """Even where the router quotes no more than the header and eight bytes (RFC 792)."""
    version = packet.peer.version
    found = heard(complaint(packet, exceeded(version), quoted=max(quoted, packet.peer.header + 8)))
    assert (found.kind, found.identity) == (AnswerKind.TIME_EXCEEDED, packet.identity)
    assert (found.responder, found.refusal) == (ROUTERS[version], None)
    assert found.icmp_type == (11 if version == 4 else 3)


@given(probes(), st.integers(0, 15))
def test_a_refusal_is_its_probes(packet: Packet, code: int) -> None:
    version = packet.peer.version
    found = heard(complaint(packet, unreachable(version, code)))
    assert found.identity == packet.identity
    if (version, code) == (4, 4):
        assert (found.kind, found.refusal) == (AnswerKind.TOO_BIG, None)
    else:
        assert (found.kind, found.icmp_code) == (AnswerKind.UNREACHABLE, code)
        assert found.refusal is not None


REFUSALS = {
    (4, 0): Refusal.NO_ROUTE,
    (4, 1): Refusal.HOST,
    (4, 3): Refusal.PORT,
    (4, 5): Refusal.OTHER,
    (4, 9): Refusal.PROHIBITED,
    (4, 10): Refusal.PROHIBITED,
    (4, 13): Refusal.PROHIBITED,
    (6, 0): Refusal.NO_ROUTE,
    (6, 1): Refusal.PROHIBITED,
    (6, 2): Refusal.OTHER,
    (6, 3): Refusal.HOST,
    (6, 4): Refusal.PORT,
    (6, 5): Refusal.PROHIBITED,
    (6, 6): Refusal.PROHIBITED,
}


@pytest.mark.parametrize(("version", "code"), REFUSALS)
def test_both_families_refuse_in_one_vocabulary(version: int, code: int) -> None:
    packet = packets.syn(FOUR if version == 4 else SIX, (4000, 80), 99)
    found = heard(complaint(packet, unreachable(version, code)))
    assert found.refusal is REFUSALS[version, code]


@given(probes(), st.integers(68, 65535))
def test_too_big_tells_the_size(packet: Packet, mtu: int) -> None:
    found = heard(complaint(packet, too_big(packet.peer.version, mtu)))
    assert (found.kind, found.mtu) == (AnswerKind.TOO_BIG, mtu)
    assert (found.identity, found.refusal) == (packet.identity, None)


def test_options_in_the_quoted_header_are_skipped() -> None:
    quoted = inet.IP(src=FOUR.source, dst=FOUR.dst, options=[inet.IPOption(b"\x94\x04\0\0")])
    segment = inet.TCP(sport=4000, dport=80, seq=99)
    data = bytes(back(FOUR, ROUTERS[4]) / inet.ICMP(type=11) / quoted / segment)
    assert heard(data).identity == ("tcp", FOUR.dst, 4000, 80, 99)


@pytest.mark.parametrize("peer", PEERS)
def test_a_datagram_from_the_target_is_an_answer(peer: Peer) -> None:
    data = bytes(back(peer) / inet.UDP(sport=33434, dport=4000) / b"hello")
    found = heard(data)
    assert (found.kind, found.identity) == (AnswerKind.UDP, ("udp", peer.dst, 4000, 33434, 0))


@pytest.mark.parametrize(
    "data",
    [
        bytes(back(FOUR) / inet.ICMP(type=8, id=1, seq=1)),
        bytes(back(FOUR) / inet.ICMP(type=5) / bytes(40)),
        bytes(back(SIX) / inet6.ICMPv6ND_NA()),
        bytes(inet.IP(src=FOUR.dst, dst=FOUR.source, proto=47) / bytes(40)),
        bytes(inet6.IPv6(src=SIX.dst, dst=SIX.source, nh=47) / bytes(40)),
        bytes(
            back(FOUR, ROUTERS[4])
            / inet.ICMP(type=11)
            / inet.IP(src=FOUR.source, dst=FOUR.dst, proto=47)
            / bytes(8)
        ),
        bytes(
            back(FOUR, ROUTERS[4])
            / inet.ICMP(type=11)
            / inet.IP(src=FOUR.source, dst=FOUR.dst)
            / inet.ICMP(type=0)
        ),
        b"",
        b"\x45",
        b"\x60" + bytes(39),
    ],
)
def test_what_answers_nothing_of_ours_is_nothing(data: bytes) -> None:
    assert read(data) is None


@given(st.binary(max_size=200))
def test_no_bytes_upset_it(data: bytes) -> None:
    found = read(data)
    assert found is None or isinstance(found, Heard)


@given(probes(), st.data())
def test_no_damage_upsets_it(packet: Packet, data: st.DataObject) -> None:
    """Cut anywhere, with any byte changed."""
    version = packet.peer.version
    kinds = [exceeded(version), unreachable(version, 1), too_big(version, 1400)]
    whole = bytearray(complaint(packet, data.draw(st.sampled_from(kinds))))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    found = read(cut)
    assert found is None or isinstance(found, Heard)


@given(probes(), st.integers(0, 90))
def test_what_is_cut_short_of_the_identity_is_nothing(packet: Packet, length: int) -> None:
    whole = complaint(packet, exceeded(packet.peer.version))
    needed = 2 * packet.peer.header + 8 + 8
    if length < needed:
        assert read(whole[:length]) is None
    else:
        assert heard(whole[:length]).identity == packet.identity


def test_a_reset_that_carries_a_segment_of_its_own_is_read_all_the_same() -> None:
    packet = packets.syn(FOUR, (4000, 80), 0xFFFFFFFF)
    found = heard(tcp(packet, "RA", seq=0) + b"trailing")
    assert found.identity == packet.identity


def cut_up(peer: Peer) -> list[bytes]:
    """A large echo reply in the pieces that scapy cuts it into."""
    four = peer.version == 4
    reply = inet.ICMP(type=0, id=7, seq=8) if four else inet6.ICMPv6EchoReply(id=7, seq=8)
    reply /= Raw(bytes(1352))
    if four:
        return [bytes(one) for one in inet.fragment(back(peer) / reply, 1200)]
    whole = back(peer) / inet6.IPv6ExtHdrFragment() / reply
    return [bytes(one) for one in inet6.fragment6(whole, 1280)]


@pytest.mark.parametrize("peer", PEERS, ids=["v4", "v6"])
def test_the_first_piece_of_a_reply_stands_for_all_of_it(peer: Peer) -> None:
    pieces = cut_up(peer)
    first, *others = map(read, pieces)
    assert first
    assert (first.kind, first.identity.number) == (AnswerKind.ECHO_REPLY, 8)
    assert first.piece == len(pieces[0])
    assert others
    assert not any(others)


@pytest.mark.parametrize("peer", PEERS, ids=["v4", "v6"])
def test_a_whole_reply_is_no_piece(peer: Peer) -> None:
    assert heard(echo_reply(packets.echo(peer, 7, 8))).piece == 0
