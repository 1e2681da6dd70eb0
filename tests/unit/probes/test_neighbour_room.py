"""How much room the kernel has for neighbours: from its messages, and on this machine."""

import struct

import pytest

from layerwalk.probes import neighbour_room
from layerwalk.probes.facts import NeighbourTable
from layerwalk.probes.neighbour_room import neighbour_table, read_table, since


def attribute(kind: int, data: bytes) -> bytes:
    size = 4 + len(data)
    return struct.pack("=HH", size, kind) + data + bytes(-size % 4)


def message(family: int = 2, stats: int = 11, refused: int = 7) -> bytes:
    """What a kernel tells of a table of 1000 entries that ends at 1024."""
    numbers = [*range(stats - 1), refused] if stats > 10 else [*range(stats)]
    return (
        bytes([family, 0, 0, 0])
        + attribute(1, b"arp_cache\0")
        + attribute(4, struct.pack("=I", 1024))
        + attribute(5, struct.pack("=HHI24x", 4, 336, 1000))
        + attribute(7, struct.pack(f"={stats}Q", *numbers))
    )


def test_a_table_is_read() -> None:
    assert read_table(message()) == NeighbourTable(entries=1000, limit=1024, refused=7)


def test_an_older_kernel_counts_no_refusals() -> None:
    assert read_table(message(stats=10)) == NeighbourTable(entries=1000, limit=1024)


def test_the_settings_of_an_interface_are_no_table() -> None:
    assert read_table(bytes(4) + attribute(1, b"arp_cache\0") + attribute(6, bytes(8))) is None


def test_what_is_cut_off_is_not_believed() -> None:
    with pytest.raises(struct.error):
        read_table(bytes(4) + attribute(5, bytes(2)))
    assert read_table(bytes(4) + b"\1\0\1\0") is None


def test_each_family_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [message(2, refused=1), message(10, refused=2)]
    monkeypatch.setattr(neighbour_room, "_messages", lambda: iter(tables))
    assert [getattr(neighbour_table(version), "refused", None) for version in (4, 6)] == [1, 2]


def test_what_the_kernel_does_not_tell_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def barred() -> None:
        raise OSError

    monkeypatch.setattr(neighbour_room, "_messages", barred)
    assert neighbour_table(4) is None
    assert since(None, NeighbourTable(entries=1, limit=2)) is None


def test_only_what_was_refused_meanwhile_counts() -> None:
    before = NeighbourTable(entries=1024, limit=1024, refused=40)
    now = NeighbourTable(entries=1020, limit=1024, refused=43)
    assert since(before, now) == NeighbourTable(entries=1020, limit=1024, refused=3)
    assert since(now, before) == NeighbourTable(entries=1024, limit=1024, refused=0)


@pytest.mark.parametrize("version", [4, 6])
def test_this_machine_tells(version: int) -> None:
    found = neighbour_table(version)
    assert found
    assert found.limit > 0
