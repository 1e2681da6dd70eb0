"""Which answer belongs to which probe: by identity alone, whatever else fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Peer
from tests.unit.probes.wire.books import Books
from tests.unit.probes.wire.peers import FOUR, PEERS, ROUTERS, SIX, complaint, echo_reply, tcp


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.mark.parametrize("peer", PEERS)
def test_an_answer_is_kept_with_its_probe(books: Books, peer: Peer) -> None:
    packet = books.send(packets.echo(peer, 5, 1))
    books.now += 0.02
    assert books.take(echo_reply(packet))
    (answer,) = books.matching.answers(packet)
    assert (answer.kind, answer.responder, answer.hop) == (AnswerKind.ECHO_REPLY, peer.dst, 64)
    assert (answer.ttl, answer.interface) == (61, "eth0")
    assert answer.rtt_s == pytest.approx(0.02)
    assert bytes.fromhex(answer.packet) == echo_reply(packet)


@given(
    st.sampled_from(PEERS),
    st.sampled_from(["ident", "number", "ours", "theirs", "seq", "peer"]),
    st.integers(1, 1000),
)
def test_what_answers_another_is_not_taken(peer: Peer, wrong: str, by: int) -> None:
    books = Books()
    echo = books.send(packets.echo(peer, 500, 500))
    syn = books.send(packets.syn(peer, (4000, 5432), 99))
    other = SIX if peer is FOUR else FOUR
    data = {
        "ident": lambda: echo_reply(packets.echo(peer, 500 + by, 500)),
        "number": lambda: echo_reply(packets.echo(peer, 500, 500 + by)),
        "ours": lambda: tcp(packets.syn(peer, (4000 + by, 5432), 99), "RA"),
        "theirs": lambda: tcp(packets.syn(peer, (4000, 5432 + by), 99), "RA"),
        "seq": lambda: tcp(packets.syn(peer, (4000, 5432), 99 + by), "RA"),
        "peer": lambda: tcp(packets.syn(other, (4000, 5432), 99), "RA"),
    }[wrong]()
    assert not books.take(data)
    assert books.matching.answers(echo) == books.matching.answers(syn) == ()
    assert books.known.rtt_s(peer) is None


def test_a_probe_that_did_not_leave_gets_no_answer(books: Books) -> None:
    packet = books.send(packets.echo(FOUR, 5, 1))
    books.matching.forget(packet)
    assert not books.take(echo_reply(packet))


def test_a_routers_complaint_teaches_nothing_of_the_target(books: Books) -> None:
    packet = books.send(packets.echo(FOUR, 5, 1, hop=2))
    books.take(complaint(packet, inet.ICMP(type=11)))
    assert books.matching.answers(packet)[0].responder == ROUTERS[4]
    assert books.known.rtt_s(FOUR) is None
    assert books.known.distance_hint(FOUR) == 0


def test_a_duplicate_does_not_change_the_round_trip(books: Books) -> None:
    packet = books.send(packets.echo(FOUR, 5, 1))
    books.now += 0.02
    books.take(echo_reply(packet))
    books.now += 3.0
    books.take(echo_reply(packet))
    assert books.known.rtt_s(FOUR) == pytest.approx(0.02)
    assert len(books.matching.answers(packet)) == 2


def test_an_acknowledgement_of_an_earlier_syn_does_not_either(books: Books) -> None:
    """A host that holds our SYN half open acknowledges the first one when it gets the next."""
    first = books.send(packets.syn(FOUR, (4000, 5432), 99))
    books.now += 2.0
    books.take(tcp(first, "A"))
    assert books.matching.answers(first)[0].kind is AnswerKind.ACK
    assert books.known.rtt_s(FOUR) is None


def test_the_slowest_round_trip_is_the_one_to_wait_for(books: Books) -> None:
    for number, trip in enumerate((0.02, 0.3, 0.1), 1):
        packet = books.send(packets.echo(FOUR, 5, number))
        books.now += trip
        books.take(echo_reply(packet))
    assert books.known.rtt_s(FOUR) == pytest.approx(0.3)


@pytest.mark.parametrize("clock_set_by", [-3600.0, 3600.0])
def test_a_wall_clock_that_was_set_does_not_matter(books: Books, clock_set_by: float) -> None:
    packet = books.send(packets.echo(FOUR, 5, 1))
    books.now += 0.02
    books.take(echo_reply(packet), clock_set_by=clock_set_by)
    assert books.matching.answers(packet)[0].rtt_s == pytest.approx(0.02)


def test_a_duplicate_segment_is_matched_by_its_block(books: Books) -> None:
    packet = books.send(packets.old_segment(FOUR, (4000, 80), (5000, 6000), 600))
    first = packet.identity.number
    books.take(tcp(packet, "A", ack=5000, options=[("SAck", (first, first + 560))]))
    assert [answer.kind for answer in books.matching.answers(packet)] == [AnswerKind.ACK]


def test_a_flow_has_the_answers_to_all_that_could_arrive(books: Books) -> None:
    near = books.send(packets.syn(FOUR, (4000, 5432), 1, hop=2))
    one = books.send(packets.syn(FOUR, (4000, 5432), 2))
    other = books.send(packets.syn(FOUR, (4000, 22), 3))
    books.take(complaint(near, inet.ICMP(type=11)))
    books.take(tcp(one, "SA"))
    books.take(tcp(other, "RA"))
    kinds = [answer.kind for answer in books.matching.answered(FOUR, (4000, 5432))]
    assert kinds == [AnswerKind.SYN_ACK]
    assert books.matching.answered(SIX, (4000, 5432)) == ()


def test_the_kernels_own_handshake_is_noted_once(books: Books) -> None:
    syn = packets.syn(SIX, (40000, 443), 1234)
    assert books.take(tcp(syn, "SA", seq=7, options=[("MSS", 1440)]))
    assert not books.take(tcp(syn, "SA", seq=8))
    heard = books.matching.handshake(SIX.dst, (40000, 443))
    assert heard is not None
    assert (heard.numbers, heard.mss) == ((7, 1235), 1440)
    assert books.matching.handshake(SIX.dst, (40000, 80)) is None
    assert not books.take(tcp(syn, "RA"))


def test_too_big_keeps_its_size(books: Books) -> None:
    packet = books.send(packets.echo(SIX, 5, 1, size=1500))
    books.take(complaint(packet, inet6.ICMPv6PacketTooBig(mtu=1280), spent=False))
    assert books.matching.answers(packet)[0].mtu == 1280


@pytest.mark.parametrize(
    ("ttl", "distance"), [(64, 1), (61, 4), (128, 1), (120, 9), (255, 1), (250, 6), (33, 32)]
)
def test_an_answers_ttl_hints_at_the_distance(books: Books, ttl: int, distance: int) -> None:
    packet = books.send(packets.echo(FOUR, 5, 1))
    data = bytearray(echo_reply(packet))
    data[8] = ttl
    books.take(bytes(data))
    assert books.known.distance_hint(FOUR) == distance


def test_how_long_was_listened_counts_from_the_first_probe(books: Books) -> None:
    assert books.known.listened_s(FOUR) == 0.0
    books.send(packets.echo(FOUR, 5, 1))
    books.now += 2.0
    books.send(packets.echo(FOUR, 5, 2))
    books.now += 1.5
    assert books.known.listened_s(FOUR) == 3.5
    assert books.known.listened_s(SIX) == 0.0


def test_a_router_that_looks_in_vain_tells_that_nobody_is_there(books: Books) -> None:
    packet = books.send(packets.echo(FOUR, 5, 1))
    assert books.take(complaint(packet, inet.ICMP(type=3, code=1)))
    assert books.known.is_absent(FOUR.dst)
    other = books.send(packets.echo(FOUR, 5, 2))
    assert books.take(echo_reply(other))
    assert not books.known.is_absent(FOUR.dst)
