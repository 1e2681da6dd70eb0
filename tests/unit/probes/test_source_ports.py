"""Counting source ports: which sockets take one from connections to a target."""

import errno
import socket
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from layerwalk.probes import source_ports as room
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, SourcePortsFact
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.source_ports import Sights, source_ports
from layerwalk.probes.wire.packets import Peer

TARGET, OWN, PORT = "198.51.100.10", "192.0.2.10", 5432
PEER = Peer(TARGET, OWN, "eth0")
HELD = Socket(
    family=4,
    state=TcpState.ESTABLISHED,
    source=OWN,
    source_port=40000,
    destination=TARGET,
    destination_port=PORT,
    timer=SocketTimer.NONE,
    expires_s=0.0,
    retransmits=0,
    receive_queue=0,
    send_queue=0,
    uid=0,
    inode=7,
)
WAITING = replace(HELD, state=TcpState.TIME_WAIT, expires_s=42.0)
LISTENING = replace(HELD, state=TcpState.LISTEN, source="::", destination="::", destination_port=0)


def settings(folder: Path, reuse: int = 0, reserved: str = "") -> Path:
    values = {
        "ip_local_port_range": "40000 40009",
        "ip_local_reserved_ports": reserved,
        "tcp_tw_reuse": str(reuse),
        "tcp_timestamps": "1",
    }
    for name, text in values.items():
        (folder / name).write_text(text + "\n", encoding="ascii")
    return folder


@pytest.fixture(autouse=True)
def _unbound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_bound", lambda _peer, _ctx: "EADDRINUSE")


def counted(folder: Path, sockets: Iterable[Socket], **more: int | str) -> SourcePortsFact:
    place = settings(folder, **more)  # type: ignore[arg-type]
    sights = Sights(place, lambda: 10, lambda _address, _port: sockets)
    return source_ports(PEER, PORT, ProbeContext(), refused=False, sights=sights)


def at(one: Socket, *ports: int) -> list[Socket]:
    return [replace(one, source_port=port) for port in ports]


def test_few_sockets_are_not_looked_at(tmp_path: Path) -> None:
    def never(_address: str, _port: int) -> Iterable[Socket]:
        raise AssertionError

    sights = Sights(settings(tmp_path), lambda: 4, never)
    fact = source_ports(PEER, PORT, ProbeContext(), refused=False, sights=sights)
    assert (fact.counted, fact.sockets, fact.usable) == (False, 4, 10)
    assert "no more than 4 TCP sockets" in fact.finding


def test_what_goes_to_the_target_counts_by_what_it_is(tmp_path: Path) -> None:
    closed = replace(HELD, state=TcpState.CLOSE_WAIT)
    sockets = [*at(HELD, 40000, 40001), *at(closed, 40002), *at(WAITING, 40003)]
    fact = counted(tmp_path, sockets)
    assert (fact.connections, fact.unclosed) == (3, 1)
    assert (fact.taken, fact.time_wait, fact.free) == (4, 1, 6)
    assert fact.next_free_s == 42.0
    assert "3 by connections (1 of them in CLOSE_WAIT), 1 in TIME_WAIT" in fact.finding
    assert "a program that binds its source address first finds none" in fact.finding


def test_what_goes_elsewhere_takes_no_port(tmp_path: Path) -> None:
    sockets = [
        replace(HELD, destination="198.51.100.11"),
        replace(HELD, destination_port=443),
        replace(HELD, source="192.0.2.11"),
        replace(HELD, source_port=50000),
    ]
    assert counted(tmp_path, sockets).taken == 0


def test_a_bound_port_is_taken_from_all(tmp_path: Path) -> None:
    idle = replace(LISTENING, state=TcpState.BOUND_INACTIVE, source_port=40001)
    fact = counted(tmp_path, [LISTENING, idle, *at(HELD, 40001)])
    assert (fact.taken, fact.bound, fact.connections) == (2, 1, 1)


def test_reserved_ports_are_none(tmp_path: Path) -> None:
    fact = counted(tmp_path, at(HELD, *range(40000, 40010)), reserved="40004-40009")
    assert (fact.usable, fact.taken, fact.free) == (4, 4, 0)


def test_old_ones_in_time_wait_may_be_used_again(tmp_path: Path) -> None:
    young = replace(WAITING, source_port=40001, expires_s=59.8)
    fact = counted(tmp_path, [WAITING, young], reuse=1)
    assert (fact.taken, fact.reusable, fact.tw_reuse) == (1, 1, 1)
    assert "1 more in TIME_WAIT may be reused" in fact.finding


def test_what_can_not_be_read_is_not_measured(tmp_path: Path) -> None:
    fact = source_ports(PEER, PORT, ProbeContext(), refused=True, sights=Sights(tmp_path))
    assert fact.outcome is Outcome.FAILED
    assert "ip_local_port_range" in fact.finding


def test_a_table_that_is_forbidden_is_named(tmp_path: Path) -> None:
    def barred(_address: str, _port: int) -> Iterable[Socket]:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    sights = Sights(settings(tmp_path), lambda: 10, barred)
    fact = source_ports(PEER, PORT, ProbeContext(), refused=True, sights=sights)
    assert fact.outcome is Outcome.NOT_PERMITTED


def test_connect_is_asked_again_where_it_found_none(tmp_path: Path) -> None:
    """On this machine's loopback a port is free, inside the range and outside."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        sights = Sights(settings(tmp_path), lambda: 10, lambda _address, _port: ())
        home = Peer("127.0.0.1", "127.0.0.1", "lo")
        fact = source_ports(home, port, ProbeContext(), refused=True, sights=sights)
    assert fact.tried
    assert (fact.again, fact.outside_leaves) == ("", True)
