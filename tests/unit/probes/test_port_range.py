"""The ports that connections may have, and the sockets there are, as files show them."""

from pathlib import Path

import pytest

from layerwalk.probes.port_range import PortRange, port_range, tcp_sockets

COUNTS = """sockets: used 412
TCP: inuse 7 orphan 0 tw 30 alloc 40 mem 3
UDP: inuse 2 mem 1
UDPLITE: inuse 0
RAW: inuse 1
FRAG: inuse 0 memory 0
"""


def settings(folder: Path, **values: str) -> Path:
    for name, text in values.items():
        (folder / name).write_text(text + "\n", encoding="ascii")
    return folder


def test_reserved_ports_are_no_source_ports(tmp_path: Path) -> None:
    folder = settings(
        tmp_path,
        ip_local_port_range="40000\t40009",
        ip_local_reserved_ports="8080,40002-40004,40009",
    )
    found = port_range(folder)
    assert found == PortRange(40000, 40009, ((8080, 8080), (40002, 40004), (40009, 40009)))
    assert found.count == 6
    assert [port for port in range(39999, 40011) if port in found] == [
        40000,
        40001,
        40005,
        40006,
        40007,
        40008,
    ]


def test_none_may_be_reserved(tmp_path: Path) -> None:
    text = {"ip_local_port_range": "32768 60999"}
    assert port_range(settings(tmp_path, **text)).count == 28_232
    folder = settings(tmp_path, ip_local_reserved_ports="")
    assert port_range(folder).reserved == ()


def test_what_is_no_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        port_range(settings(tmp_path, ip_local_port_range="some many"))
    with pytest.raises(OSError, match="ip_local_port_range"):
        port_range(tmp_path / "none")


def test_sockets_of_both_families_count(tmp_path: Path) -> None:
    (tmp_path / "sockstat").write_text(COUNTS, encoding="ascii")
    assert tcp_sockets(tmp_path) == 37
    (tmp_path / "sockstat6").write_text(
        "TCP6: inuse 5\nUDP6: inuse 1\nRAW6: inuse 2\n", encoding="ascii"
    )
    assert tcp_sockets(tmp_path) == 42
    (tmp_path / "sockstat").write_text("UDP: inuse 2 mem 1\n", encoding="ascii")
    with pytest.raises(ValueError, match="no line TCP:"):
        tcp_sockets(tmp_path)


def test_this_machine_tells() -> None:
    assert port_range().count > 0
    assert tcp_sockets() >= 0
