"""A walk's packets in a file: each with its evidence, whole or not at all."""

from pathlib import Path

import pytest

from layerwalk.probes.facts import EchoFact, Evidence, NeighbourFact, Outcome, SynFact, Target
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.arrival import Arrival
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import read
from layerwalk.probes.wire.record import Direction
from layerwalk.probes.wire.recording import Recording, measuring
from layerwalk.session.pcap.file import PacketFile, check_right, section
from layerwalk.session.targets import BadInput
from tests.unit.probes.wire.peers import FOUR, PEERS, echo_reply
from tests.unit.session.pcap.packetfiles import seen_in

TARGET = Target("198.51.100.10:5432", "198.51.100.10", 5432)
ECHO = Evidence(
    id="e1",
    step="echo 198.51.100.10",
    fact=EchoFact(outcome=Outcome.SILENT, address="198.51.100.10", sent=1),
)
SYN = Evidence(
    id="e2",
    step="syn 198.51.100.10",
    fact=SynFact(outcome=Outcome.FAILED, address="x", port=1, detail="odd \x1b[31m finding"),
)
LINK = Evidence(
    id="e3",
    step="neighbour 198.51.100.10",
    fact=NeighbourFact(outcome=Outcome.SILENT, address="a", interface="eth0", gateway=True),
)


@pytest.fixture
def recording() -> Recording:
    made = Recording()
    made.most = 10
    return made


def note(recording: Recording, step: str, packet: Packet, stamp: float) -> None:
    measuring.set(step)
    recording.sent(packet, stamp)


def answer(recording: Recording, packet: Packet, stamp: float) -> None:
    data = echo_reply(packet)
    heard = read(data)
    assert heard
    recording.heard(Arrival(heard, "eth0", stamp, data), packet)


@pytest.mark.parametrize("peer", PEERS)
def test_a_probe_and_its_answer_name_their_evidence(recording: Recording, peer: Peer) -> None:
    packet = packets.echo(peer, 5, 1, 3)
    note(recording, ECHO.step, packet, 1000.0)
    answer(recording, packet, 1000.25)
    probe, reply = seen_in(section(recording.records, [ECHO], ""))
    assert probe.comment == (
        f"e1 echo: TTL 3, answered by {peer.dst} after 250.0 ms. none of 1 echoes answered"
    )
    assert reply.comment == ("e1 echo: answer to the packet with TTL 3. none of 1 echoes answered")
    assert (probe.direction, reply.direction) == (2, 1)
    assert (probe.stamp_ns, reply.stamp_ns) == (1000 * 10**9, 1000 * 10**9 + 250_000_000)
    assert reply.data == echo_reply(packet)


def test_silence_and_resets_are_said(recording: Recording) -> None:
    syn = packets.syn(FOUR, (40000, 5432), 77)
    note(recording, SYN.step, syn, 1.0)
    note(recording, SYN.step, packets.reset(syn), 2.0)
    first, second = seen_in(section(recording.records, [SYN], ""))
    assert first.comment == r"e2 syn: TTL 64, no answer. odd \x1b[31m finding"
    assert second.comment.startswith("e2 syn: reset, so that nothing stays half open.")


def test_questions_on_the_link_are_ethernet(recording: Recording) -> None:
    measuring.set(LINK.step)
    recording.frame("eth0", bytes(42), Direction.OUT)
    recording.frame("eth0", bytes(60), Direction.IN)
    note(recording, ECHO.step, packets.echo(FOUR, 5, 1), 1.0)
    seen = seen_in(section(recording.records, [ECHO, LINK], ""))
    assert [(it.link_type, it.interface, it.evidence) for it in seen] == [
        (101, FOUR.interface, "e1"),
        (1, "eth0", "e3"),
        (1, "eth0", "e3"),
    ]
    assert "question on the link" in seen[1].comment
    assert "answer on the link" in seen[2].comment


def test_a_measurement_without_evidence_is_named_as_it_is(recording: Recording) -> None:
    note(recording, "trace 198.51.100.10", packets.echo(FOUR, 5, 1), 1.0)
    (seen,) = seen_in(section(recording.records, [], ""))
    assert seen.comment == "trace 198.51.100.10: TTL 64, no answer"


def test_every_walk_has_a_section(recording: Recording, tmp_path: Path) -> None:
    note(recording, ECHO.step, packets.echo(FOUR, 5, 1), 1.0)
    kept = PacketFile(tmp_path / "a.pcapng")
    kept.add(recording, [ECHO], TARGET)
    kept.add(recording, [ECHO], TARGET)
    kept.save()
    assert [it.evidence for it in seen_in(tmp_path / "a.pcapng")] == ["e1", "e1"]
    assert (tmp_path / "a.pcapng").read_bytes().count(b"walk to 198.51.100.10:5432") == 2


def test_what_is_beyond_the_bound_is_counted(recording: Recording, tmp_path: Path) -> None:
    recording.most = 1
    for number in range(3):
        note(recording, ECHO.step, packets.echo(FOUR, 5, number + 1), 1.0)
    kept = PacketFile(tmp_path / "a.pcapng")
    kept.add(recording, [ECHO], TARGET)
    kept.save()
    assert len(seen_in(tmp_path / "a.pcapng")) == 1
    assert b"; 2 more packets were not kept" in (tmp_path / "a.pcapng").read_bytes()


def test_without_a_walk_nothing_is_written(tmp_path: Path) -> None:
    PacketFile(tmp_path / "a.pcapng").save()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_can_not_be_written_leaves_what_was_there(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pcapng").write_text("before", encoding="utf-8")
    kept = PacketFile(tmp_path / "a.pcapng")
    kept.add(recording, [], TARGET)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.save()
    assert (tmp_path / "a.pcapng").read_text(encoding="utf-8") == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_without_the_right_it_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_words: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("socket.socket", forbidden)
    with pytest.raises(BadInput, match=r"--pcap needs raw sockets, .*: say it as root"):
        check_right()
