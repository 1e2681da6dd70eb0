"""The file while walks go on: whole blocks after each packet, whatever happens next."""

import errno
import os
from pathlib import Path

import pytest

from layerwalk.probes.facts import Target
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.record import Direction, Record
from layerwalk.probes.wire.recording import Recording, measuring
from layerwalk.session.pcap.file import PacketFile
from layerwalk.session.pcap.growing import UNFINISHED, Growing
from tests.unit.probes.wire.peers import FOUR, PEERS
from tests.unit.session.pcap.packetfiles import Seen, seen_in

TARGETS = [Target(text, text, 5432) for text in ("198.51.100.10:5432", "[2001:db8:2::10]:5432")]


def record(number: int, interface: str = "eth0", *, ethernet: bool = False) -> Record:
    data = packets.echo(FOUR, 5, number).data
    return Record(
        stamp=1000.0 + number,
        direction=Direction.OUT,
        interface=interface,
        data=data,
        length=len(data),
        measurement="echo 198.51.100.10",
        ethernet=ethernet,
    )


def test_after_each_packet_the_file_is_whole(tmp_path: Path) -> None:
    growing = Growing(tmp_path / "a.pcapng")
    seen: list[Seen] = []
    for number in range(1, 20):
        growing.add(record(number, f"eth{number % 3}", ethernet=number % 2 == 0), "a:1")
        seen = seen_in(tmp_path / "a.pcapng")
        assert [it.data for it in seen] == [record(it + 1).data for it in range(number)]
    assert {(it.interface, it.link_type) for it in seen} == {
        (f"eth{number}", kind) for number in range(3) for kind in (1, 101)
    }
    assert seen[0].comment == "echo 198.51.100.10 of the walk to a:1: sent"
    assert UNFINISHED.encode() in (tmp_path / "a.pcapng").read_bytes()
    assert len(list(tmp_path.iterdir())) == 1


def test_without_a_packet_there_is_no_file(tmp_path: Path) -> None:
    Growing(tmp_path / "a.pcapng").close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_appended_after_the_end(tmp_path: Path) -> None:
    growing = Growing(tmp_path / "a.pcapng")
    growing.add(record(1), "a:1")
    growing.close()
    growing.add(record(2), "a:1")
    assert len(seen_in(tmp_path / "a.pcapng")) == 1


def test_where_it_can_not_be_written_the_walk_goes_on(tmp_path: Path) -> None:
    growing = Growing(tmp_path / "gone" / "a.pcapng")
    growing.add(record(1), "a:1")
    growing.add(record(2), "a:1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", [0, 1, 7, 100])
def test_a_disk_that_fills_up_leaves_whole_packets(
    room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = Growing(tmp_path / "a.pcapng")
    for number in range(1, 4):
        growing.add(record(number), "a:1")
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[:room])

    monkeypatch.setattr(os, "write", full)
    growing.add(record(4), "a:1")
    monkeypatch.undo()
    growing.add(record(5), "a:1")
    assert [it.data for it in seen_in(tmp_path / "a.pcapng")] == [
        record(it).data for it in (1, 2, 3)
    ]


def test_what_was_there_gives_way_to_the_first_packet(tmp_path: Path) -> None:
    (tmp_path / "b.pcapng").write_text("before", encoding="utf-8")
    (tmp_path / "a.pcapng").symlink_to("b.pcapng")
    growing = Growing(tmp_path / "a.pcapng")
    assert (tmp_path / "b.pcapng").read_text(encoding="utf-8") == "before"
    growing.add(record(1), "a:1")
    assert len(seen_in(tmp_path / "b.pcapng")) == 1
    assert (tmp_path / "a.pcapng").is_symlink()


def test_several_walks_grow_in_one_file_and_end_in_sections(tmp_path: Path) -> None:
    kept = PacketFile(tmp_path / "a.pcapng")
    recordings = [Recording() for _ in TARGETS]
    for number, (recording, target, peer) in enumerate(
        zip(recordings, TARGETS, PEERS, strict=True)
    ):
        kept.begin(recording, target)
        measuring.set("echo")
        recording.sent(packets.echo(peer, 5, number + 1), 1000.0 + number)
    growing = seen_in(tmp_path / "a.pcapng")
    assert [it.comment for it in growing] == [
        f"echo of the walk to {it.input}: sent" for it in TARGETS
    ]
    for recording, target in zip(recordings, TARGETS, strict=True):
        recording.close()
        kept.add(recording, [], target)
    kept.save()
    ended = seen_in(tmp_path / "a.pcapng")
    assert [it.data for it in ended] == [it.data for it in growing]
    assert [it.comment for it in ended] == ["echo: TTL 64, no answer"] * 2
