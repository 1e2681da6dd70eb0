"""Sockets of the kernel as means, on loopback: each probe gets its answer, and nothing stays."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from layerwalk.probes.facts import AnswerKind, Refusal
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.kernel.datagrams import send_udp
from layerwalk.probes.wire.kernel.error_queue import listen_for_errors
from layerwalk.probes.wire.kernel.means import KernelMeans
from layerwalk.probes.wire.kernel.tcp import SynProbe
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


@contextmanager
def closed_port(peer: Peer, kind: socket.SocketKind) -> Iterator[int]:
    """A port that nobody listens on, held meanwhile: else a probe may get it for its own.

    A probe whose own port is the one that it asks for meets itself, and answers itself. A datagram
    socket that holds a port takes in none but its own peer's.
    """
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with socket.socket(family, kind) as sock:
        sock.bind((peer.source, 0))
        if kind is socket.SOCK_DGRAM:
            sock.connect((peer.source, 9))
        yield int(sock.getsockname()[1])


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
@pytest.mark.parametrize("backlog", [1, 8])
def test_a_queue_that_nobody_empties_is_not_filled(wire: Wire, peer: Peer, backlog: int) -> None:
    """Each is reset before the handshake ends, or but the first few would stay unanswered."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    server = socket.create_server((peer.address, 0), family=family, backlog=backlog)
    with closing(server):
        for number in range(30):
            packet = packets.syn(peer, (1, server.getsockname()[1]), number)
            answered(wire, packet)
            assert [answer.kind for answer in wire.answers(packet)] == [AnswerKind.SYN_ACK]


@pytest.mark.parametrize("peer", PEERS)
def test_a_closed_port_resets(wire: Wire, peer: Peer) -> None:
    with closed_port(peer, socket.SOCK_STREAM) as port:
        packet = packets.syn(peer, (1, port), 7)
        answered(wire, packet)
    assert [answer.kind for answer in wire.answers(packet)] == [AnswerKind.RST]


@pytest.mark.parametrize("peer", PEERS)
def test_a_probe_that_meets_itself_is_no_listener(peer: Peer) -> None:
    """The kernel may choose the very port that is asked for: nobody else has it."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    met: list[Arrival] = []
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        listen_for_errors(sock, peer.version)
        sock.bind((peer.source, 0))
        sock.connect(sock.getsockname())
        packet = packets.syn(peer, (1, sock.getsockname()[1]), 7)
        assert SynProbe(packet, sock, met.append, 0.0).look()
    assert [arrival.heard.kind for arrival in met] == [AnswerKind.RST]


@pytest.mark.parametrize("peer", PEERS)
def test_a_datagram_to_a_closed_port_is_refused(wire: Wire, peer: Peer) -> None:
    with closed_port(peer, socket.SOCK_DGRAM) as port:
        packet = packets.udp(peer, (1, port), 7)
        answered(wire, packet)
    [answer] = wire.answers(packet)
    assert (answer.kind, answer.refusal) == (AnswerKind.UNREACHABLE, Refusal.PORT)
    assert answer.responder == peer.address
    assert wire.known.rtt_s(peer)


@pytest.mark.parametrize("peer", PEERS)
def test_a_datagram_that_comes_back_is_no_answer(wire: Wire, peer: Peer) -> None:
    """Whoever guesses the ports could have sent it; the refusal that follows is one."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as server:
        server.bind((peer.address, 0))
        packet = packets.udp(peer, (1, server.getsockname()[1]), 7)
        assert wire.send(packet) == 0
        data, asker = server.recvfrom(100)
        server.sendto(b"here", asker)
    assert data == packet.data[peer.header + 8 :]
    after = packets.udp(peer, (1, packet.identity.second), 8)
    answered(wire, after)  # what came back before has been looked at by then
    assert not wire.answers(packet)


@pytest.mark.parametrize("peer", PEERS)
def test_an_error_that_quotes_another_datagram_is_not_taken(peer: Peer) -> None:
    """The kernel looks at the ports alone, which can be guessed."""
    packet = packets.udp(peer, (1, 9), 7)
    with closing(send_udp(packet, lambda _arrival: None, 0.0)) as probe:
        payload = packet.data[peer.header + 8 :]
        assert all(probe.is_quoted(payload[:length]) for length in range(len(payload)))
        assert not probe.is_quoted(bytes(byte ^ 1 for byte in payload))


def test_what_can_not_be_sent_is_a_number(wire: Wire) -> None:
    nowhere = Peer("127.0.0.1", "198.51.100.1", "lo")
    for packet in (packets.syn(nowhere, (1, 2), 7), packets.udp(nowhere, (1, 2), 7)):
        assert wire.send(packet) == errno.EADDRNOTAVAIL
        assert wire.answers(packet) == ()


def test_taking_back_needs_no_packet(wire: Wire) -> None:
    packet = packets.syn(PEERS[0], (1, 2), 7)
    sent = wire.packets
    wire.take_back([packet])
    assert wire.packets == sent


def test_closing_ends_the_thread_and_every_socket() -> None:
    wire = Wire(KernelMeans)
    names = [thread.name for thread in threading.enumerate()]
    wire.close()
    assert "kernel-wire" in names
    assert "kernel-wire" not in [thread.name for thread in threading.enumerate()]
