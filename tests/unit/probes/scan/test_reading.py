"""What comes in for a scan: its own answers are read, whatever else there is is nothing."""

import random
import struct
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6

from layerwalk.probes.facts.ports import Reason, ScanState
from layerwalk.probes.scan.ear import Heap
from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.scan.reading import Reader
from layerwalk.probes.scan.reasons import Reply, reason_of
from layerwalk.probes.scan.stencil import RST, SYN, Stencil
from layerwalk.probes.wire.packets import Peer

PEERS = {
    4: Peer("203.0.113.10", "198.51.100.10", "eth0"),
    6: Peer("2001:db8:2::10", "2001:db8:1::10", "eth0", 1400),
}
FAMILIES = (4, 6)
STRIDE = 192
WORDS = {
    (4, 3, 0): "net-unreach",
    (4, 3, 1): "host-unreach",
    (4, 3, 2): "proto-unreach",
    (4, 3, 3): "port-unreach",
    (4, 3, 9): "net-prohibited",
    (4, 3, 10): "host-prohibited",
    (4, 3, 13): "admin-prohibited",
    (4, 11, 0): "time-exceeded",
    (6, 1, 0): "no-route",
    (6, 1, 1): "admin-prohibited",
    (6, 1, 2): "beyond-scope",
    (6, 1, 3): "host-unreach",
    (6, 1, 4): "port-unreach",
    (6, 1, 5): "admin-prohibited",
    (6, 1, 6): "reject-route",
    (6, 3, 0): "time-exceeded",
}
"""The words of nmap 7.93, asked in a lab."""

ports = st.integers(1, 65535)


def flow(version: int, seed: int = 1) -> Flow:
    return Flow.drawn(PEERS[version], 40001, random.Random(seed))  # noqa: S311  # chance that repeats


def network(version: int, source: str, target: str, **more: object) -> Any:
    return (inet.IP if version == 4 else inet6.IPv6)(src=source, dst=target, **more)


def segment(own: Flow, port: int, flags: str, ack: int | None = None, **more: object) -> bytes:
    peer = own.peer
    number = own.number(port) + 1 if ack is None else ack
    body = inet.TCP(sport=port, dport=own.source_port, flags=flags, ack=number, seq=9)
    return bytes(network(peer.version, peer.address, peer.source, **more) / body)


def question(own: Flow, port: int) -> bytes:
    stencil = Stencil(own, SYN, 4)
    size = stencil.fill([port])
    return bytes(stencil.buffer[:size])


def heap(*packets: bytes) -> Heap:
    room = b"".join(packet[:STRIDE].ljust(STRIDE, b"\xa5") for packet in packets)
    return Heap(bytearray(room), STRIDE, [min(len(packet), STRIDE) for packet in packets])


def read(own: Flow, packet: bytes) -> Reply | None:
    """Read a packet alone, which must give the same as at a glance, and among others."""
    reader = Reader(own)
    found = reader.reply(packet)
    assert reader.replies(heap(packet)) == ([found] if found else [])
    crowd = heap(packet, *CROWD[own.peer.version], packet)
    others = [reader.reply(other) for other in CROWD[own.peer.version]]
    assert reader.replies(crowd) == [it for it in (found, *others, found) if it]
    return found


def error(own: Flow, quoted: bytes, kind: int, code: int, who: str = "") -> bytes:
    peer = own.peer
    head = struct.pack("!BBHI", kind, code, 0, 0)
    who = who or {4: "192.0.2.1", 6: "2001:db8::1"}[peer.version]
    protocol = {"proto": 1} if peer.version == 4 else {"nh": 58}
    return bytes(network(peer.version, who, peer.source, **protocol) / (head + quoted))


CROWD = {
    version: tuple(segment(flow(version), 100 + n, "SA" if n % 3 else "RA") for n in range(5))
    for version in FAMILIES
}


@pytest.mark.parametrize("version", FAMILIES)
@given(asked=st.lists(ports, min_size=1, max_size=4), seed=st.integers(0, 99))
def test_every_packet_is_whole_and_its_checksum_right(
    version: int, asked: list[int], seed: int
) -> None:
    own = flow(version, seed)
    for flags, number in ((SYN, 0), (RST, 1)):
        stencil = Stencil(own, flags, 4)
        size = stencil.fill(asked) // len(asked)
        for place, port in enumerate(asked):
            data = bytes(stencil.buffer[place * size : (place + 1) * size])
            whole = (inet.IP if version == 4 else inet6.IPv6)(data)
            tcp = whole[inet.TCP]
            assert (tcp.sport, tcp.dport, int(tcp.flags)) == (own.source_port, port, flags)
            assert tcp.seq == own.number(port) + number
            assert (whole.src, whole.dst) == (own.peer.source, own.peer.address)
            assert _sums_up(whole)
    assert dict(inet.IP(question(flow(4), 80))[inet.TCP].options) == {"MSS": 1460}
    assert dict(inet6.IPv6(question(flow(6), 80))[inet.TCP].options) == {"MSS": 1340}


def _sums_up(packet: Any) -> bool:
    again = packet.copy()
    del again[inet.TCP].chksum
    expected = type(packet)(bytes(again))[inet.TCP].chksum
    return {packet[inet.TCP].chksum, expected} in ({expected}, {0, 0xFFFF})


@pytest.mark.parametrize("version", FAMILIES)
def test_ports_are_told_apart_by_their_numbers(version: int) -> None:
    own = flow(version)
    near = [own.number(port) for port in range(1, 60000)]
    assert len(set(near)) == len(near)
    assert flow(version, 1) == flow(version, 1)
    assert flow(version, 1).high != flow(version, 2).high


@pytest.mark.parametrize("version", FAMILIES)
@given(port=ports)
def test_a_syn_ack_opens_and_a_reset_closes(version: int, port: int) -> None:
    own = flow(version)
    assert read(own, segment(own, port, "SA")) == Reply(port, ScanState.OPEN, Reason.SYN_ACK)
    assert read(own, segment(own, port, "RA")) == Reply(port, ScanState.CLOSED, Reason.RESET)
    assert read(own, segment(own, port, "A")) is None
    assert read(own, segment(own, port, "S")) is None


def test_options_of_ip_are_no_hindrance() -> None:
    own = flow(4)
    packet = segment(own, 80, "SA", options=[inet.IPOption(b"\x07\x07\x04\x00\x00\x00\x00")])
    assert read(own, packet) == Reply(80, ScanState.OPEN, Reason.SYN_ACK)


@pytest.mark.parametrize("version", FAMILIES)
@given(port=ports, ack=st.integers(0, 0xFFFFFFFF))
def test_a_forged_number_is_never_taken(version: int, port: int, ack: int) -> None:
    own = flow(version)
    right = own.number(port) + 1
    for flags in ("SA", "RA", "R"):
        reply = read(own, segment(own, port, flags, ack))
        assert (reply is not None) == (ack == right)


@pytest.mark.parametrize("version", FAMILIES)
def test_others_packets_are_nothing(version: int) -> None:
    own = flow(version)
    stranger = {4: "203.0.113.99", 6: "2001:db8:2::99"}[version]
    others = replace(own, peer=replace(own.peer, address=stranger))
    elsewhere = replace(own, source_port=40002)
    for wrong in (segment(others, 80, "SA"), segment(elsewhere, 80, "SA")):
        assert read(own, wrong) is None
    for wrong in (question(others, 80), question(elsewhere, 80), question(flow(version, 2), 80)):
        assert read(own, error(own, wrong, *_unreachable(version))) is None


def _unreachable(version: int) -> tuple[int, int]:
    return (3, 13) if version == 4 else (1, 1)


@pytest.mark.parametrize(("kind", "word"), WORDS.items(), ids=str)
def test_icmp_errors_have_nmaps_words(kind: tuple[int, int, int], word: str) -> None:
    version, icmp_type, code = kind
    own = flow(version)
    who = {4: "192.0.2.1", 6: "2001:db8::1"}[version]
    quoted = question(own, 22)
    quoted = quoted[:28] if version == 4 else quoted  # RFC 792 quotes eight bytes and no more
    reply = read(own, error(own, quoted, icmp_type, code))
    assert reply == Reply(22, ScanState.FILTERED, Reason(word), who)


@pytest.mark.parametrize("kind", [(4, 3, 4), (4, 5, 0), (4, 0, 0), (6, 2, 0), (6, 128, 0)], ids=str)
def test_other_icmp_says_nothing_of_a_port(kind: tuple[int, int, int]) -> None:
    version, icmp_type, code = kind
    assert reason_of(version, icmp_type, code) is None
    own = flow(version)
    assert read(own, error(own, question(own, 22), icmp_type, code)) is None


@pytest.mark.parametrize("version", FAMILIES)
@given(noise=st.binary(max_size=200))
def test_noise_is_nothing(version: int, noise: bytes) -> None:
    assert read(flow(version), noise) is None
    first = b"\x45" if version == 4 else b"\x60"
    assert read(flow(version), first + noise) is None


@pytest.mark.parametrize("version", FAMILIES)
@given(cut=st.integers(0, 200), data=st.data())
def test_what_is_cut_or_garbled_is_right_or_nothing(
    version: int, cut: int, data: st.DataObject
) -> None:
    own = flow(version)
    whole = error(own, question(own, 22), *_unreachable(version))
    right = read(own, whole)
    assert read(own, whole[:cut]) in {None, right}
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    reply = read(own, bytes(changed))
    assert reply is None or reply.port == 22
