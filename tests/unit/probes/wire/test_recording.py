"""Which packets are kept, and whose they are."""

import socket
import threading
from contextvars import copy_context

import pytest
from scapy.layers import inet

from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.parse import read
from layerwalk.probes.wire.record import Direction
from layerwalk.probes.wire.recording import Recording, measuring
from tests.unit.probes.wire.peers import FOUR, PEERS, complaint, echo_reply, tcp


@pytest.fixture
def recording() -> Recording:
    made = Recording()
    made.most = 100
    measuring.set("mine")
    return made


def arrival(data: bytes) -> Arrival:
    heard = read(data)
    assert heard
    return Arrival(heard, "eth0", 2.0, data)


def test_nothing_is_kept_unless_asked_for() -> None:
    recording = Recording()
    packet = packets.echo(FOUR, 5, 1)
    recording.sent(packet, 1.0)
    recording.heard(arrival(echo_reply(packet)), packet)
    recording.frame("eth0", b"x", Direction.OUT)
    assert recording.records == ()


@pytest.mark.parametrize("peer", PEERS)
def test_an_answer_belongs_to_the_measurement_of_its_probe(
    recording: Recording, peer: Peer
) -> None:
    packet = packets.echo(peer, 5, 1)
    recording.sent(packet, 1.0)
    measuring.set("another")
    recording.heard(arrival(echo_reply(packet)), packet)
    assert [(it.measurement, it.probe) for it in recording.records] == [("mine", None), ("mine", 0)]


def test_what_is_sent_in_the_context_of_a_measurement_is_its_own(recording: Recording) -> None:
    own = copy_context()
    own.run(measuring.set, "theirs")
    thread = threading.Thread(target=lambda: own.run(recording.sent, packets.echo(FOUR, 5, 1), 1.0))
    thread.start()
    thread.join()
    recording.sent(packets.echo(FOUR, 5, 2), 1.0)
    assert [it.measurement for it in recording.records] == ["theirs", "mine"]


def test_the_header_checksum_is_the_kernels(recording: Recording) -> None:
    packet = packets.syn(FOUR, (40000, 5432), 7, 3)
    recording.sent(packet, 1.0)
    (kept,) = recording.records
    found = inet.IP(kept.data)
    stated = found.chksum
    del found.chksum
    assert inet.IP(bytes(found)).chksum == stated
    assert kept.data[20:] == packet.data[20:]


def test_what_comes_for_a_watched_port_is_kept(recording: Recording) -> None:
    kernels = packets.syn(FOUR, (40000, 5432), 7)
    recording.heard(arrival(tcp(kernels, "SA")), None)
    recording.watch(40000)
    recording.heard(arrival(tcp(kernels, "SA")), None)
    assert [(it.measurement, it.probe) for it in recording.records] == [("mine", None)]


def test_the_complaint_about_somebody_elses_ping_is_not_kept(recording: Recording) -> None:
    recording.watch(40000)
    theirs = packets.echo(FOUR, 40000, 1)
    data = complaint(theirs, inet.ICMP(type=11, code=0))
    recording.heard(arrival(data), None)
    assert recording.records == ()


def test_where_nothing_is_kept_a_socket_is_left_alone() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        Recording().follow(sock)
        assert sock.getsockname()[1] == 0


def test_a_long_packet_is_cut_and_its_length_kept(recording: Recording) -> None:
    packet = packets.echo(FOUR, 5, 1, size=9000)
    recording.sent(packet, 1.0)
    (kept,) = recording.records
    assert (len(kept.data), kept.length) == (2048, 9000)
