"""The kernel's counters of trouble: which are watched, and what is said of those that rise."""

from pathlib import Path

import pytest

from layerwalk.probes import kernel_counts as room
from layerwalk.probes import network_counters
from layerwalk.probes.facts import Outcome, Rise
from layerwalk.probes.facts.kernel_counts import MEANINGS
from layerwalk.probes.kernel_counts import KernelWatch, every_counter

NETSTAT = """TcpExt: SyncookiesSent ListenOverflows IPReversePathFilter
TcpExt: 0 3 4
IpExt: InNoRoutes InOctets
IpExt: 5 6000
"""
SOFTNET = """00000005 00000002 00000008 0 0 0 0 0 0 0 00000001
00000005 00000010
"""
DEV = """Inter-|   Receive
 face |bytes    packets
    lo: 1 2 9 9 9 9 9 9 3 4 9 9 9 9 9 9
  eth0: 9 8 1 2 3 0 0 0 7 6 4 5 6 0 7 0
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(network_counters, "_FOLDER", tmp_path)
    monkeypatch.setattr(room, "SOFTNET", tmp_path / "softnet_stat")
    monkeypatch.setattr(room, "statistics", lambda: {"drop": 7, "found": 9})
    (tmp_path / "netstat").write_text(NETSTAT)
    (tmp_path / "snmp6").write_text("Ip6InNoRoutes 2\nIp6InReceives 60\n")
    (tmp_path / "softnet_stat").write_text(SOFTNET)
    (tmp_path / "dev").write_text(DEV)
    return tmp_path


@pytest.mark.usefixtures("files")
def test_only_counters_of_trouble_are_watched() -> None:
    assert every_counter() == {
        "TcpExtListenOverflows": 3,
        "TcpExtIPReversePathFilter": 4,
        "IpExtInNoRoutes": 5,
        "Ip6InNoRoutes": 2,
        "conntrack_drop": 7,
        "eth0 rx_errs": 1,
        "eth0 rx_drop": 2,
        "eth0 rx_fifo": 3,
        "eth0 tx_errs": 4,
        "eth0 tx_drop": 5,
        "eth0 tx_fifo": 6,
        "eth0 tx_carrier": 7,
        "softnet_dropped": 0x12,
        "softnet_flow_limit": 1,
    }


def test_what_rose_is_told_with_its_meaning(files: Path) -> None:
    watch = KernelWatch()
    (files / "netstat").write_text(NETSTAT.replace(" 3 4", " 5 4"))
    (files / "dev").write_text(DEV.replace("8 1 2", "8 4 0"))
    fact = watch.fact()
    assert fact.rises == (Rise("TcpExtListenOverflows", 2), Rise("eth0 rx_errs", 3))
    assert (fact.rise("TcpExtListenOverflows"), fact.rise("rx_errs")) == (2, 3)
    assert "2 connections dropped because a listener's accept queue was full" in fact.finding
    assert "(TcpExtListenOverflows)" in fact.finding
    assert "3 frames that came in broken (eth0)" in fact.finding


@pytest.mark.usefixtures("files")
def test_where_nothing_rose_it_says_how_many_did_not() -> None:
    fact = KernelWatch().fact()
    assert (fact.rises, fact.watched) == ((), 14)
    assert "none of 14" in fact.finding


def test_a_counter_that_comes_later_did_not_rise(files: Path) -> None:
    watch = KernelWatch()
    (files / "dev").write_text(DEV + "  eth1: 9 8 5 5 5 0 0 0 7 6 5 5 5 0 5 0\n")
    assert watch.fact().rises == ()


def test_without_any_counter_nothing_is_known() -> None:
    fact = KernelWatch(dict).fact()
    assert fact.outcome is Outcome.FAILED


def test_odd_files_count_nothing(files: Path) -> None:
    for file in files.iterdir():
        file.write_text("odd\n")
    (files / "dev").write_text("eth0: 1 2 3 4 5 6 7 8 9 10 11\n")
    assert set(every_counter()) == {
        "conntrack_drop",
        "eth0 rx_errs",
        "eth0 rx_drop",
        "eth0 rx_fifo",
        "eth0 tx_errs",
    }


def test_this_machine_has_them() -> None:
    assert {"TcpExtListenDrops", "Ip6InNoRoutes", "softnet_dropped"} <= every_counter().keys()
    assert all(meaning and not meaning.endswith(".") for meaning in MEANINGS.values())
