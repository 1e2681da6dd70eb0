"""What stands between IP and what it carries; and answers cut short or damaged anywhere."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6
from scapy.packet import Raw

from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import Heard, read
from tests.unit.probes.wire.peers import (
    FOUR,
    PEERS,
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

words = st.integers(1, 0xFFFE)

EXTENSIONS = [
    inet6.IPv6ExtHdrHopByHop(options=inet6.RouterAlert()),
    inet6.IPv6ExtHdrDestOpt(options=inet6.PadN(optdata=bytes(12))),
    inet6.IPv6ExtHdrRouting(),
    inet6.IPv6ExtHdrFragment(m=1),
]


def chained(extensions: list[Any], whole: bytes) -> bytes:
    """Put extension headers, the last one with the packet's own protocol, into a packet."""
    header = inet6.IPv6(src=SIX.dst, dst=SIX.source, hlim=61)
    made = header
    for extension in extensions:
        made = made / extension.copy()
    made.lastlayer().nh = whole[6]
    return bytes(made / Raw(whole[40:]))


@given(st.lists(st.sampled_from(EXTENSIONS), min_size=1, max_size=4), words, words)
def test_extension_headers_are_passed_over(found: list[Any], ident: int, number: int) -> None:
    echo, syn = packets.echo(SIX, ident, number), packets.syn(SIX, (4000, 80), number)
    assert heard(chained(found, echo_reply(echo))).identity == echo.identity
    assert heard(chained(found, tcp(syn, "SA"))).identity == syn.identity
    error = complaint(syn, exceeded(6))
    assert heard(chained(found, error)).identity == syn.identity


@given(st.lists(st.sampled_from(EXTENSIONS), min_size=1, max_size=3), st.integers(0, 200))
def test_extension_headers_that_are_cut_short_are_nothing(found: list[Any], length: int) -> None:
    whole = chained(found, echo_reply(packets.echo(SIX, 5, 6)))
    needed = len(whole) - 24
    assert (read(whole[:length]) is None) is (length < needed)


def test_extension_headers_without_end_are_nothing() -> None:
    header = bytes(inet6.IPv6(src=SIX.dst, dst=SIX.source, nh=60))
    assert read(header + b"\x3c\x00" * 4000) is None


@pytest.mark.parametrize("offset", [1, 185, 8191])
def test_a_fragment_other_than_the_first_is_nothing(offset: int) -> None:
    """Its data is where a header would be, and may look like one."""
    for layers in (inet.TCP(sport=80, dport=4000, flags="SA", ack=1), inet.ICMP(type=0, id=5)):
        header = inet.IP(src=FOUR.dst, dst=FOUR.source)
        assert read(bytes(header / layers)) is not None
        assert read(bytes(inet.IP(src=FOUR.dst, dst=FOUR.source, frag=offset) / layers)) is None
    six = inet6.IPv6(src=SIX.dst, dst=SIX.source) / inet6.IPv6ExtHdrFragment(offset=offset)
    assert read(bytes(six / inet6.ICMPv6EchoReply(id=5))) is None


@pytest.mark.parametrize("mangled", [b"\x00\x40", b"\x40\x00", b"\x00\x01"])
def test_a_quoted_header_may_be_mangled(mangled: bytes) -> None:
    """Length and fragment offset have been quoted in the wrong byte order."""
    packet = packets.syn(FOUR, (4000, 80), 99)
    whole = bytearray(complaint(packet, exceeded(4)))
    whole[20 + 8 + 2 : 20 + 8 + 4] = b"\x34\x00"
    whole[20 + 8 + 6 : 20 + 8 + 8] = mangled
    assert heard(bytes(whole)).identity == packet.identity


def test_what_stands_behind_the_packets_end_is_no_part_of_it() -> None:
    """Short frames are padded (IEEE 802.3), and packet sockets see the padding."""
    reply = bytes(back(FOUR) / inet.ICMP(type=0, id=5, seq=6))
    assert heard(reply + b"abcdefgh").returned == b""


@pytest.mark.parametrize("version", [0, 5, 7, 15])
def test_another_version_of_ip_is_nothing(version: int) -> None:
    for packet in (packets.echo(FOUR, 5, 6), packets.echo(SIX, 5, 6)):
        whole = bytearray(echo_reply(packet))
        whole[0] = version << 4 | whole[0] & 0x0F
        assert read(bytes(whole)) is None


def test_a_header_shorter_than_a_header_is_nothing() -> None:
    whole = bytearray(echo_reply(packets.echo(FOUR, 5, 6)))
    whole[0] = 0x44
    assert read(bytes(whole)) is None


def answers_to(packet: Packet) -> list[bytes]:
    """Every kind of answer that a packet may get."""
    version = packet.peer.version
    errors = [exceeded(version), unreachable(version, 1), too_big(version, 1400)]
    found = [complaint(packet, error) for error in errors]
    options = [("MSS", 1460), ("SAckOK", b""), ("SAck", (1, 2)), ("Timestamp", (1, 2))]
    if packet.identity.protocol == "tcp":
        found += [tcp(packet, flags, options=options) for flags in ("SA", "RA", "A")]
    return [*found, echo_reply(packet)] if packet.identity.protocol == "echo" else found


@pytest.mark.parametrize("peer", PEERS)
def test_every_beginning_of_an_answer_is_its_own_or_nothing(peer: Peer) -> None:
    """However little of it arrives, it is never taken for another's answer."""
    made = [packets.echo(peer, 5, 6), packets.udp(peer, (40, 50), 7), packets.syn(peer, (4, 5), 6)]
    for packet in made:
        for whole in answers_to(packet):
            for length in range(len(whole) + 1):
                found = read(whole[:length])
                assert found is None or found.identity == packet.identity


@pytest.mark.parametrize("peer", PEERS)
def test_every_flipped_bit_leaves_a_packet_or_nothing(peer: Peer) -> None:
    for packet in (packets.echo(peer, 5, 6), packets.udp(peer, (40, 50), 7)):
        for whole in answers_to(packet):
            for bit in range(8 * len(whole)):
                damaged = bytearray(whole)
                damaged[bit // 8] ^= 1 << bit % 8
                found = read(bytes(damaged))
                assert found is None or isinstance(found, Heard)
