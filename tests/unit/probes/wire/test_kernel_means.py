"""Sockets of the kernel as means, on loopback: each probe gets its answer, and nothing stays."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from layerwalk.probes.facts import AnswerKind, Refusal
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.kernel.means import KernelMeans
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

PEERS = [Peer("127.0.0.1", "127.0.0.1", "lo"), Peer("::1", "::1", "lo")]
NEVER = threading.Event()


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(KernelMeans)
    yield made
    made.close()


def answered(wire: Wire, packet: Packet) -> None:
    assert wire.send(packet) == 0
    assert wire.wait(lambda: bool(wire.answers(packet)), 10, NEVER)


def free_port(peer: Peer, kind: socket.SocketKind) -> int:
    """A port that nobody has: it was given to us a moment ago."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with socket.socket(family, kind) as sock:
        sock.bind((peer.source, 0))
        return int(sock.getsockname()[1])


@pytest.mark.parametrize("peer", PEERS)
def test_a_listener_takes_the_syn(wire: Wire, peer: Peer) -> None:
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with closing(socket.create_server((peer.address, 0), family=family)) as server:
        packet = packets.syn(peer, (1, server.getsockname()[1]), 7)
        answered(wire, packet)
        [answer] = wire.answers(packet)
        assert wire.answered(peer, (1, server.getsockname()[1])) == (answer,)
    assert (answer.kind, answer.responder) == (AnswerKind.SYN_ACK, peer.address)
    assert 0.0 < answer.rtt_s < 10
    assert answer.mss


@pytest.mark.parametrize("peer", PEERS)
def test_a_closed_port_resets(wire: Wire, peer: Peer) -> None:
    packet = packets.syn(peer, (1, free_port(peer, socket.SOCK_STREAM)), 7)
    answered(wire, packet)
    assert [answer.kind for answer in wire.answers(packet)] == [AnswerKind.RST]


@pytest.mark.parametrize("peer", PEERS)
def test_a_datagram_to_a_closed_port_is_refused(wire: Wire, peer: Peer) -> None:
    packet = packets.udp(peer, (1, free_port(peer, socket.SOCK_DGRAM)), 7)
    answered(wire, packet)
    [answer] = wire.answers(packet)
    assert (answer.kind, answer.refusal) == (AnswerKind.UNREACHABLE, Refusal.PORT)
    assert answer.responder == peer.address
    assert wire.known.rtt_s(peer)


@pytest.mark.parametrize("peer", PEERS)
def test_a_datagram_gets_its_answer(wire: Wire, peer: Peer) -> None:
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as server:
        server.bind((peer.address, 0))
        packet = packets.udp(peer, (1, server.getsockname()[1]), 7)
        assert wire.send(packet) == 0
        data, asker = server.recvfrom(100)
        server.sendto(b"here", asker)
        assert wire.wait(lambda: bool(wire.answers(packet)), 10, NEVER)
    assert data == packet.data[peer.header + 8 :]
    [answer] = wire.answers(packet)
    assert (answer.kind, answer.ttl > 0) == (AnswerKind.UDP, True)


def test_what_can_not_be_sent_is_a_number(wire: Wire) -> None:
    nowhere = Peer("127.0.0.1", "198.51.100.1", "lo")
    for packet in (packets.syn(nowhere, (1, 2), 7), packets.udp(nowhere, (1, 2), 7)):
        assert wire.send(packet) == errno.EADDRNOTAVAIL
        assert wire.answers(packet) == ()


def test_taking_back_needs_no_packet(wire: Wire) -> None:
    packet = packets.syn(PEERS[0], (1, free_port(PEERS[0], socket.SOCK_STREAM)), 7)
    sent = wire.packets
    wire.take_back([packet])
    assert wire.packets == sent


def test_closing_ends_the_thread_and_every_socket() -> None:
    wire = Wire(KernelMeans)
    names = [thread.name for thread in threading.enumerate()]
    wire.close()
    assert "kernel-wire" in names
    assert "kernel-wire" not in [thread.name for thread in threading.enumerate()]
