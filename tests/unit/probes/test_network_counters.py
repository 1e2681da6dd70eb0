"""The kernel's counters, read from files as old and new kernels write them."""

from pathlib import Path

import pytest

from layerwalk.probes import network_counters as room
from layerwalk.probes.network_counters import NetworkCounters, network_counters, unreachable_reports

SNMP = """Ip: Forwarding InReceives ForwDatagrams InDelivers OutRequests{more}
Ip: 2 100 10 80 50{values}
Tcp: ActiveOpens
Tcp: 7
"""
ICMP = """Icmp: InMsgs InErrors InDestUnreachs
Icmp: 9 0 8
"""
SNMP6 = """Icmp6InDestUnreachs             6
Ip6InReceives                   60
Ip6InDelivers                   50
Ip6OutForwDatagrams             4
Ip6OutRequests                  41
"""
NETSTAT = """TcpExt: SyncookiesSent IPReversePathFilter
TcpExt: 0 3
"""
DEV = """Inter-|   Receive
 face |bytes    packets
    lo: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0
  eth0: 9 8 0 0 0 0 0 0 7 6 0 0 0 0 0 0
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(room, "_FOLDER", tmp_path)
    (tmp_path / "snmp").write_text(SNMP.format(more=" OutTransmits", values=" 45"))
    with (tmp_path / "snmp").open("a") as more:
        more.write(ICMP)
    (tmp_path / "snmp6").write_text(SNMP6)
    (tmp_path / "netstat").write_text(NETSTAT)
    (tmp_path / "dev").write_text(DEV)
    return tmp_path


@pytest.mark.usefixtures("files")
def test_reports_of_unreachable_destinations_are_counted_by_family() -> None:
    assert (unreachable_reports(4), unreachable_reports(6)) == (8, 6)


def test_each_family_has_its_own(files: Path) -> None:
    assert network_counters(4, "eth0") == NetworkCounters(45, 6, 10, 3)
    with (files / "snmp6").open("a") as file:
        file.write("Ip6OutTransmits 40\n")
    assert network_counters(6, "lo") == NetworkCounters(40, 4, 6, 3)


def test_an_older_kernel_counts_behind_its_rules(files: Path) -> None:
    (files / "snmp").write_text(SNMP.format(more="", values=""))
    assert network_counters(4, "eth0").transmitted == 50


def test_files_that_are_missing_or_odd_count_nothing(files: Path) -> None:
    for file in files.iterdir():
        file.unlink()
    (files / "snmp").write_text("Ip:\n")
    (files / "snmp6").write_text("odd\n")
    (files / "dev").write_text("eth0: 1\n")
    assert network_counters(4, "eth0") == NetworkCounters(0, 0, 0, 0)
    assert network_counters(6, "none") == NetworkCounters(0, 0, 0, 0)


def test_this_machine_has_them() -> None:
    assert network_counters(4, "lo").transmitted >= 0
