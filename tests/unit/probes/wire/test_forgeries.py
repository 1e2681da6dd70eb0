"""Answers that are duplicated, late, out of order, foreign or forged: only genuine ones count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers import inet, inet6
from scapy.packet import Raw

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import read
from tests.unit.probes.wire.books import Books
from tests.unit.probes.wire.peers import (
    FOUR,
    PEERS,
    ROUTERS,
    back,
    complaint,
    dissected,
    echo_reply,
    exceeded,
    tcp,
    unreachable,
)

STRANGERS = {4: "203.0.113.200", 6: "2001:db8:ffff::1"}
MOST_KEPT = 8


def refused(version: int) -> Any:
    return unreachable(version, 1)


def sent_by(peer: Peer) -> list[Packet]:
    """One packet of each kind that a walk sends."""
    return [
        packets.echo(peer, 500, 7),
        packets.udp(peer, (4000, 33434), 1234, 5),
        packets.syn(peer, (4001, 5432), 99),
        packets.old_segment(peer, (4002, 5432), (5000, 6000), 600),
    ]


@dataclass(frozen=True)
class Forgery:
    """An answer that would be genuine but for one field; ``by`` tells by how much it is off."""

    name: str
    make: Callable[[Packet, int], bytes]


def altered(layers: Any, **changes: int | str) -> bytes:
    """The same packet with other values, and the checksums that belong to them."""
    layer = layers
    while layer:
        for name, value in changes.items():
            if name in layer.fields:
                setattr(layer, name, value)
        for name in ("chksum", "cksum", "len", "plen"):
            if name in layer.fields and name in layer.default_fields:
                delattr(layer, name)
        layer = layer.payload
    return bytes(layers)


def other_quote(packet: Packet, error: Callable[[int], Any], **changes: Any) -> bytes:
    """An ICMP error about a packet that was never sent, much like ours."""
    quoted = altered(dissected(packet), **changes)
    version = packet.peer.version
    return bytes(back(packet.peer, ROUTERS[version], 62) / error(version) / Raw(quoted))


def to_stranger(packet: Packet, _by: int) -> bytes:
    return other_quote(packet, exceeded, dst=STRANGERS[packet.peer.version])


def from_stranger(packet: Packet, _by: int) -> bytes:
    whole = echo_reply(packet) if packet.identity.protocol == "echo" else tcp(packet, "RA")
    layers = (inet.IP if packet.peer.version == 4 else inet6.IPv6)(whole)
    return altered(layers, src=STRANGERS[packet.peer.version])


def _other_data(packet: Packet, by: int) -> bytes:
    whole = bytearray(echo_reply(packet))
    place = packet.peer.header + 8 + by % 8
    whole[place] ^= 1 + by % 255
    return bytes(whole)


def _other_sum(packet: Packet, by: int) -> bytes:
    quoted = bytearray(packet.data)
    quoted[packet.peer.header + 6 : packet.peer.header + 8] = ((1234 + by) % 65536).to_bytes(2)
    version = packet.peer.version
    return bytes(back(packet.peer, ROUTERS[version], 62) / exceeded(version) / Raw(bytes(quoted)))


ECHO = [
    Forgery("ident", lambda p, by: echo_reply(packets.echo(p.peer, (500 + by) % 65536, 7))),
    Forgery("number", lambda p, by: echo_reply(packets.echo(p.peer, 500, (7 + by) % 65536))),
    Forgery("data", _other_data),
    Forgery("no data", lambda p, _by: echo_reply(p)[: p.peer.header + 8]),
    Forgery("source", from_stranger),
    Forgery("quoted target", to_stranger),
    Forgery("quoted ident", lambda p, by: other_quote(p, exceeded, id=(500 + by) % 65536)),
    Forgery("quoted number", lambda p, by: other_quote(p, refused, seq=(7 + by) % 65536)),
]
TCP = [
    Forgery("ack", lambda p, by: tcp(p, "SA", ack=(p.identity.number + 1 + by) % (1 << 32))),
    Forgery("reset", lambda p, by: tcp(p, "RA", ack=(p.identity.number + 1 + by) % (1 << 32))),
    Forgery("reset without ack", lambda p, _by: tcp(p, "R")),
    Forgery("our port", lambda p, by: tcp(p, "SA", dport=(p.identity.first + by) % 65536)),
    Forgery("their port", lambda p, by: tcp(p, "RA", sport=(p.identity.second + by) % 65536)),
    Forgery("source", from_stranger),
    Forgery("quoted target", to_stranger),
    Forgery("quoted seq", lambda p, by: other_quote(p, refused, seq=p.identity.number + by)),
    Forgery("quoted port", lambda p, by: other_quote(p, exceeded, dport=(5432 + by) % 65536)),
    Forgery("quoted source port", lambda p, by: other_quote(p, exceeded, sport=(99 + by) % 3999)),
]
UDP = [
    Forgery("quoted target", to_stranger),
    Forgery("quoted port", lambda p, by: other_quote(p, refused, dport=(33434 + by) % 65536)),
    Forgery("quoted source port", lambda p, by: other_quote(p, exceeded, sport=(99 + by) % 3999)),
    Forgery("quoted checksum", _other_sum),
]
FORGERIES = {"echo": ECHO, "tcp": TCP, "udp": UDP}


@given(st.sampled_from(PEERS), st.integers(0, 3), st.integers(1, 5000), st.data())
def test_one_wrong_field_is_enough(peer: Peer, which: int, by: int, data: st.DataObject) -> None:
    books = Books()
    every = [books.send(packet) for packet in sent_by(peer)]
    packet = every[which]
    forgery = data.draw(st.sampled_from(FORGERIES[packet.identity.protocol]))
    books.hear(forgery.make(packet, by))
    assert not any(books.matching.answers(one) for one in every), forgery.name
    assert books.known.rtt_s(peer) is None
    assert not books.known.is_absent(peer.dst)


@pytest.mark.parametrize("protocol", FORGERIES)
@pytest.mark.parametrize("peer", PEERS)
def test_each_forgery_reads_like_an_answer(peer: Peer, protocol: str) -> None:
    """Else it would be left out for being no packet at all, and prove nothing."""
    packet = next(it for it in sent_by(peer) if it.identity.protocol == protocol)
    unread = [it.name for it in FORGERIES[protocol] if read(it.make(packet, 3)) is None]
    assert unread == []


def genuine(packet: Packet) -> list[tuple[AnswerKind, bytes]]:
    """Every answer that a packet may get."""
    version = packet.peer.version
    found = [
        (AnswerKind.TIME_EXCEEDED, complaint(packet, exceeded(version))),
        (AnswerKind.UNREACHABLE, complaint(packet, unreachable(version, 1), spent=False)),
    ]
    if packet.identity.protocol == "echo":
        found.append((AnswerKind.ECHO_REPLY, echo_reply(packet)))
    if packet.identity.protocol == "tcp":
        found.append((AnswerKind.SYN_ACK, tcp(packet, "SA")))
        found.append((AnswerKind.RST, tcp(packet, "RA")))
    return found


@settings(max_examples=40)
@given(st.sampled_from(PEERS), st.data())
def test_whatever_the_order_each_keeps_its_own(peer: Peer, data: st.DataObject) -> None:
    """Answers in any order, late, many times over, and foreign packets between them."""
    books = Books()
    every = [books.send(packet) for packet in sent_by(peer)]
    answers = {packet: data.draw(st.sampled_from(genuine(packet))) for packet in every}
    foreign = [f.make(p, 9) for p in every for f in FORGERIES[p.identity.protocol]]
    copies = [it[1] for it in answers.values() for _ in range(data.draw(st.integers(1, 12)))]
    for came in data.draw(st.permutations([*copies, *foreign])):
        books.now += data.draw(st.sampled_from([0.0, 0.001, 4.0]))
        books.hear(came)
    for packet, (kind, whole) in answers.items():
        held = books.matching.answers(packet)
        assert {answer.kind for answer in held} == {kind}
        assert len(held) <= MOST_KEPT
        assert bytes.fromhex(held[0].packet) == whole[:128]


@given(st.sampled_from(PEERS), st.data())
def test_the_first_answer_stays_the_first(peer: Peer, data: st.DataObject) -> None:
    for packet in sent_by(peer):
        books = Books()
        books.send(packet)
        stream = data.draw(st.lists(st.sampled_from(genuine(packet)), min_size=1, max_size=20))
        for _, whole in stream:
            books.hear(whole)
        assert books.matching.answers(packet)[0].kind is stream[0][0]


@pytest.mark.parametrize("peer", PEERS)
def test_expiry_in_the_targets_name_is_no_arrival(peer: Peer) -> None:
    books = Books()
    packet = books.send(packets.echo(peer, 500, 7, hop=3))
    layers = (inet.IP if peer.version == 4 else inet6.IPv6)(
        complaint(packet, exceeded(peer.version))
    )
    assert books.hear(altered(layers, src=peer.dst))
    [answer] = books.matching.answers(packet)
    assert answer.responder == peer.dst
    assert not answer.arrived(peer.dst)
    assert books.known.rtt_s(peer) is None
    assert books.known.distance_hint(peer) == 0


@pytest.mark.parametrize("peer", PEERS)
def test_a_handshake_that_is_contradicted_is_none(peer: Peer) -> None:
    """The kernel's own SYN was not seen: which SYN-ACK is genuine can't be told."""
    books = Books()
    flow, true = (40000, 443), packets.syn(peer, (40000, 443), 1234)
    assert books.hear(tcp(true, "SA"))
    assert books.matching.handshake(peer.dst, flow) is not None
    assert books.hear(tcp(packets.syn(peer, flow, 77), "SA"))
    assert books.matching.handshake(peer.dst, flow) is None
    assert not books.hear(tcp(packets.syn(peer, flow, 78), "SA"))


def test_a_flood_of_handshakes_is_not_kept_for_ever() -> None:
    books = Books()
    flows = [(1024 + number, 443) for number in range(2000)]
    taken = [books.hear(tcp(packets.syn(FOUR, flow, 9), "SA")) for flow in flows]
    assert taken.count(True) == 1024
    assert not books.matching.handshake(FOUR.dst, flows[-1])


@pytest.mark.parametrize("peer", PEERS)
def test_a_replayed_answer_fills_no_memory(peer: Peer) -> None:
    books = Books()
    packet = books.send(packets.echo(peer, 500, 7))
    taken = [books.hear(echo_reply(packet)) for _ in range(1000)]
    assert taken.count(True) == MOST_KEPT
