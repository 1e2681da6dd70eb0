"""Packets of the kernel's own: told from ours, each once, with the checksum they go out with."""

import socket
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from scapy.layers import inet, inet6

from layerwalk.probes.facts import Evidence, Outcome, SynFact, Target
from layerwalk.probes.wire import packets, witness
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.record import Direction
from layerwalk.probes.wire.recording import Recording, measuring
from layerwalk.probes.wire.segment import segment_of
from layerwalk.probes.wire.tap import Seen
from layerwalk.probes.wire.witness import port_of
from layerwalk.session.pcap.file import PacketFile
from tests.unit.probes.wire.peers import FOUR, PEERS, back
from tests.unit.session.pcap.packetfiles import seen_in

MINE, THEIRS = 40000, 5432
UDP = socket.SOCK_DGRAM


class Taken:
    """A tap without sockets: the test says what it sees."""

    def __init__(self, *words: Any) -> None:
        self.take: Callable[[Seen], None] = words[-1]
        self.ports: list[int] = []

    def watch(self, port: int) -> None:
        self.ports.append(port)

    def close(self) -> None:
        """Nothing is open."""


class Kernel:
    """A recording, and the kernel whose packets it sees."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(witness, "Tap", self._tapped)
        self.recording = Recording()
        self.recording.begin(100)
        measuring.set("mine")

    def _tapped(self, *words: Any) -> Taken:
        self.tap = Taken(*words)
        return self.tap

    def sends(self, layers: Any, interface: str = "eth0") -> None:
        self.tap.take(Seen(bytes(layers), interface, 1.0, leaves=True))

    def hears(self, layers: Any, interface: str = "eth0") -> None:
        self.tap.take(Seen(bytes(layers), interface, 1.0, leaves=False))

    @property
    def words(self) -> list[tuple[str, str, Direction]]:
        return [(it.measurement, it.kernel, it.direction) for it in self.recording.records]


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    return Kernel(monkeypatch)


def out(peer: Peer) -> Any:
    if peer.version == 4:
        return inet.IP(src=peer.source, dst=peer.dst)
    return inet6.IPv6(src=peer.source, dst=peer.dst)


def syn(peer: Peer, **fields: Any) -> Any:
    return out(peer) / inet.TCP(**{"sport": MINE, "dport": THEIRS, "flags": "S", **fields})


@pytest.mark.parametrize("peer", PEERS)
def test_what_leaves_from_a_watched_port_and_is_not_ours_is_kept(
    kernel: Kernel, peer: Peer
) -> None:
    kernel.recording.watch(MINE)
    probe = packets.syn(peer, (MINE, THEIRS), 77)
    kernel.recording.expect(probe)
    kernel.sends(probe.data)
    kernel.sends(syn(peer, seq=5))
    assert kernel.tap.ports == [MINE]
    assert kernel.words == [("mine", "SYN", Direction.OUT)]


def test_a_firewall_that_marks_our_packet_makes_no_other_of_it(kernel: Kernel) -> None:
    probe = packets.udp(FOUR, (MINE, 33434), 1234)
    kernel.recording.expect(probe)
    marked = inet.IP(probe.data)
    marked.tos = 8
    marked[inet.UDP].chksum = 1
    kernel.sends(marked)
    assert kernel.words == []


def test_the_kernels_reset_belongs_to_the_probe_that_it_takes_back(kernel: Kernel) -> None:
    probe = packets.syn(FOUR, (MINE, THEIRS), 77)
    measuring.set("theirs")
    kernel.recording.sent(probe, 1.0)
    measuring.set("mine")
    kernel.recording.watch(MINE)
    kernel.sends(syn(FOUR, flags="R", seq=78))
    kernel.sends(syn(FOUR, flags="R", seq=99))
    assert kernel.words[1:] == [("theirs", "RST", Direction.OUT), ("mine", "RST", Direction.OUT)]


def test_what_comes_for_a_socket_is_kept_only_where_it_is_followed(kernel: Kernel) -> None:
    with closing(socket.socket(socket.AF_INET, UDP)) as sock:
        kernel.recording.watch(MINE)
        kernel.recording.follow(sock)
        port = sock.getsockname()[1]
    assert port
    for layer in (inet.UDP(sport=53, dport=port), inet.TCP(sport=53, dport=port, flags="R")):
        kernel.hears(back(FOUR) / layer)
    kernel.hears(back(FOUR) / inet.UDP(sport=53, dport=MINE))
    assert kernel.words == [("mine", "datagram", Direction.IN)]


def test_one_packet_on_stacked_interfaces_is_one_and_sent_again_it_is_two(kernel: Kernel) -> None:
    kernel.recording.watch(MINE)
    for interface in ("eth0.7", "eth0", "eth0.7", "eth0"):
        kernel.sends(syn(FOUR), interface)
    assert [it.interface for it in kernel.recording.records] == ["eth0.7", "eth0.7"]


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("layer", [inet.TCP, inet.UDP])
def test_the_checksum_that_the_card_would_put_in_is_put_in(peer: Peer, layer: Any) -> None:
    whole = bytes(out(peer) / layer(sport=MINE, dport=THEIRS) / b"odd")
    at = peer.header + (16 if layer is inet.TCP else 6)
    begun = segment_of(whole[:at] + b"\x12\x34" + whole[at + 2 :])
    assert begun
    assert begun.completed().data == whole


@pytest.mark.parametrize(("layer", "at", "written"), [(inet.TCP, 16, 0), (inet.UDP, 6, 0xFFFF)])
def test_a_checksum_of_zero_is_written_so_by_tcp_alone(layer: Any, at: int, written: int) -> None:
    first = bytes(out(FOUR) / layer(sport=MINE, dport=THEIRS) / b"\0\0")
    rest = first[20 + at : 20 + at + 2]  # with the checksum as its data, all of it sums up to zero
    segment = segment_of(first[:-2] + rest)
    assert segment
    assert segment.completed().body[at : at + 2] == written.to_bytes(2)


@pytest.mark.parametrize("peer", PEERS)
def test_what_is_cut_short_or_neither_transport_is_no_segment(peer: Peer) -> None:
    whole = bytes(syn(peer))
    assert segment_of(whole)
    assert not any(segment_of(whole[:length]) for length in range(len(whole)))
    assert segment_of(packets.echo(peer, 1, 2).data) is None


def test_the_file_says_what_the_kernel_did(kernel: Kernel, tmp_path: Any) -> None:
    fact = SynFact(outcome=Outcome.SILENT, address=FOUR.dst, port=THEIRS)
    kernel.recording.watch(MINE)
    kernel.sends(syn(FOUR, flags="FA"))
    kept = PacketFile(tmp_path / "a.pcapng")
    kept.add(kernel.recording, [Evidence(id="e1", fact=fact, step="mine")], Target("x", "x"))
    kept.save()
    (seen,) = seen_in(tmp_path / "a.pcapng")
    assert seen.comment.startswith("e1 syn: FIN-ACK from the kernel. ")
    assert b"was not kept" not in (tmp_path / "a.pcapng").read_bytes()


def test_without_the_sockets_the_file_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def refused(*_words: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(witness, "Tap", refused)
    recording = Recording()
    recording.begin(10)
    recording.sent(packets.echo(FOUR, 5, 1), 1.0)
    kept = PacketFile(tmp_path / "a.pcapng")
    kept.add(recording, [], Target("x", "x"))
    kept.save()
    assert b"what the kernel sent by itself was not kept" in (tmp_path / "a.pcapng").read_bytes()


@pytest.mark.parametrize(
    ("family", "unsaid"), [(socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")]
)
def test_a_socket_gets_a_port_and_keeps_the_choice_of_its_address(
    family: socket.AddressFamily, unsaid: str
) -> None:
    with closing(socket.socket(family, socket.SOCK_STREAM)) as sock:
        port = port_of(sock)
        assert sock.getsockname()[:2] == (unsaid, port)
        assert port_of(sock) == port != 0


def test_where_no_port_is_free_connect_is_left_to_say_so() -> None:
    class Full(socket.socket):
        def bind(self, _address: Any) -> None:
            raise OSError(98, "Address already in use")

    with closing(Full(socket.AF_INET, socket.SOCK_STREAM)) as sock:
        assert port_of(sock) == 0
