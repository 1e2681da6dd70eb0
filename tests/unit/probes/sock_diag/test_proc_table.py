"""The kernel's older list, from lines as kernels have written them."""

import sys
from pathlib import Path

import pytest

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.sock_diag.proc_table import proc_table

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
STUCK = (
    "   7: 0A0200C0:C8A4 0A6433C6:01BB 02 00000001:00000000 01:0000012C 00000003  1000   0 4711 2"
)
HALF = "   8: 0A0200C0:0050 0A6433C6:9C40 0C 00000000:00000000 01:00000064 00000001     0   0 0 1"
LISTENS = (
    "   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A"
    " 00000000:00000002 00:00000000 00000000     0        0 815 1 0"
)
MAPPED = (
    "   1: 0000000000000000FFFF00000A0200C0:1F90 0000000000000000FFFF00000A6433C6:9C40 01"
    " 00000010:00000005 02:000004B0 00000000     0        0 816 1 0"
)

pytestmark = pytest.mark.skipif(sys.byteorder != "little", reason="the lines are little-endian")


def rows(tmp_path: Path, version: int, *lines: str) -> list[Socket]:
    name = "tcp6" if version == 6 else "tcp"
    (tmp_path / name).write_text("\n".join((HEAD, *lines)), encoding="ascii")
    return list(proc_table(version, tmp_path))


def test_a_connection_that_asks_in_vain(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, 4, STUCK)
    assert (row.source, row.source_port) == ("192.0.2.10", 51364)
    assert (row.destination, row.destination_port) == ("198.51.100.10", 443)
    assert (row.state, row.timer) == (TcpState.SYN_SENT, SocketTimer.RETRANSMIT)
    assert (row.expires_s, row.retransmits, row.send_queue) == (3.0, 3, 1)
    assert (row.uid, row.inode) == (1000, 4711)
    assert (row.interface, row.cookie, row.mark, row.info) == (None,) * 4


def test_half_open_is_half_open(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, 4, HALF)
    assert row.state is TcpState.SYN_RECV


def test_a_listener_without_its_limit(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, 6, LISTENS)
    assert (row.source, row.source_port, row.receive_queue) == ("::", 8080, 2)
    assert (row.send_queue, row.only_v6, row.versions) == (None, None, (4, 6))


def test_ipv4_in_the_clothes_of_ipv6(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, 6, MAPPED)
    assert (row.family, row.version, row.source) == (6, 4, "192.0.2.10")
    assert (row.receive_queue, row.send_queue) == (5, 16)
    assert (row.timer, row.expires_s) == (SocketTimer.KEEPALIVE, 12.0)


@pytest.mark.parametrize("line", ["", "   7:", STUCK[:60], "x " * 12, STUCK.replace("0A02", "02")])
def test_a_line_that_is_no_row_is_left_out(tmp_path: Path, line: str) -> None:
    assert len(rows(tmp_path, 4, line, STUCK)) == 1


def test_a_kernel_without_ipv6_has_no_such_sockets(tmp_path: Path) -> None:
    assert list(proc_table(6, tmp_path)) == []
    with pytest.raises(FileNotFoundError):
        list(proc_table(4, tmp_path))
