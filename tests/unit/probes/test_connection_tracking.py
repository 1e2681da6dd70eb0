"""The table of tracked connections, read from files as old and new kernels write them."""

from pathlib import Path

import pytest

from layerwalk.probes import connection_tracking as room
from layerwalk.probes.connection_tracking import Table, TrackingWatch, statistics, table
from layerwalk.probes.facts import TrackingFact

NEW = """entries  clashres found chainlength insert insert_failed drop early_drop icmp_error
00000010  00000000 00000001 00000002 00000000 00000003 0000000a 00000000 00000000
00000010  00000000 00000001 00000001 00000000 00000000 00000006 00000001 00000000
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(room, "SETTINGS", tmp_path)
    monkeypatch.setattr(room, "STATISTICS", tmp_path / "stat")
    for name, value in {"count": 16, "max": 20, "buckets": 8}.items():
        (tmp_path / f"nf_conntrack_{name}").write_text(f"{value}\n")
    (tmp_path / "nf_conntrack_tcp_timeout_syn_sent").write_text("120\n")
    (tmp_path / "nf_conntrack_udp_timeout").write_text("30\n")
    (tmp_path / "stat").write_text(NEW)
    return tmp_path


@pytest.mark.usefixtures("files")
def test_statistics_are_added_up_over_the_processors() -> None:
    found = statistics()
    assert (found["drop"], found["early_drop"], found["insert_failed"]) == (16, 1, 3)
    assert found["chaintoolong"] == 3
    assert table() == Table(16, 20, found)


def test_what_rose_meanwhile_is_told(files: Path) -> None:
    watch = TrackingWatch()
    (files / "stat").write_text(NEW.replace("0000000a", "0000000f"))
    (files / "nf_conntrack_count").write_text("20\n")
    fact = watch.fact()
    assert (fact.count, fact.maximum, fact.buckets) == (20, 20, 8)
    assert (fact.dropped, fact.dropped_early, fact.failed, fact.too_long) == (5, 0, 0, 0)
    assert [(it.state, it.seconds) for it in fact.timeouts] == [("syn_sent", 120.0)]
    assert fact.drops
    assert "20 connections of 20 possible (100%, full)" in fact.finding
    assert "5 packets dropped for want of room" in fact.finding


def test_a_table_that_empties_was_full_all_the_same(files: Path) -> None:
    (files / "nf_conntrack_count").write_text("20\n")
    watch = TrackingWatch()
    (files / "nf_conntrack_count").write_text("3\n")
    assert watch.fact().count == 20


def test_statistics_that_can_not_be_read_are_not_none(files: Path) -> None:
    (files / "stat").unlink()
    fact = TrackingWatch().fact()
    assert (fact.outcome.measured, fact.dropped, fact.failed) == (True, None, None)
    assert "could not be read" in fact.finding


def test_what_began_anew_dropped_nothing(files: Path) -> None:
    watch = TrackingWatch()
    (files / "stat").write_text(NEW.replace("0000000a", "00000000"))
    assert watch.fact().dropped == 0


def test_tables_are_nearly_full_before_they_are_full() -> None:
    def said(count: int, maximum: int = 100) -> str:
        found = TrackingWatch(lambda: Table(count, maximum, {})).fact()
        assert isinstance(found, TrackingFact)
        return found.finding

    assert "(79%)" in said(79)
    assert "(80%, nearly full)" in said(80)
    assert "(95%, full)" in said(95)
    assert "and has no limit;" in said(95, 0)


def test_where_nothing_is_tracked_nothing_is_counted() -> None:
    fact = TrackingWatch(lambda: None).fact()
    assert (fact.in_use, fact.finding) == (False, "this machine tracks no connections")


def test_files_with_something_else_in_them_are_none(files: Path) -> None:
    (files / "nf_conntrack_count").write_text("many\n")
    (files / "stat").write_text("")
    assert table() is None
    assert statistics() == {}
