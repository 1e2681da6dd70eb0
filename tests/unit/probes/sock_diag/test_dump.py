"""This machine's own sockets, listed by its kernel, on loopback."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from layerwalk.probes import sock_diag as room
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.sock_diag import End, Pick, dump
from layerwalk.probes.sock_diag.proc_table import proc_table

LOOPBACKS = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
WAYS = ["v4", "v6", "mapped"]


class Pair:
    """A listener, a connection to it, and the connection's other end."""

    def __init__(self, stack: ExitStack, way: str) -> None:
        six = socket.AF_INET if way == "v4" else socket.AF_INET6
        at = "::" if way == "mapped" else LOOPBACKS[six]
        self.to = "::1" if way == "v6" else "127.0.0.1"
        self.listener = stack.enter_context(
            socket.create_server((at, 0), family=six, dualstack_ipv6=way == "mapped")
        )
        self.port = self.listener.getsockname()[1]
        self.near = stack.enter_context(socket.create_connection((self.to, self.port)))
        self.far = stack.enter_context(self.listener.accept()[0])
        self.near_port = self.near.getsockname()[1]


@pytest.fixture(params=WAYS)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with ExitStack() as stack:
        yield Pair(stack, request.param)


def ports(rows: tuple[Socket, ...]) -> set[tuple[int, int]]:
    return {(row.source_port, row.destination_port) for row in rows}


def test_a_connection_shows_with_both_its_ends(pair: Pair) -> None:
    rows = {row.source_port: row for row in dump({TcpState.ESTABLISHED}, info=True)}
    near, far = rows[pair.near_port], rows[pair.port]
    assert (near.source, near.destination, near.destination_port) == (pair.to, pair.to, pair.port)
    assert (far.source, far.destination) == (pair.to, pair.to)
    assert near.inode == Path(f"/proc/self/fd/{pair.near.fileno()}").stat().st_ino
    assert near.info is not None
    assert near.info.rtt_s > 0


def test_a_listener_shows_with_its_queue(pair: Pair) -> None:
    with socket.create_connection((pair.to, pair.port)):
        (row,) = dump({TcpState.LISTEN}, pick=Pick(source=End(port=pair.port)))
    assert (row.receive_queue, row.send_queue) == (1, row.send_queue)
    assert row.takes(pair.to)
    assert row.only_v6 is (None if row.family == 4 else row.source != "::")


def test_what_is_picked_is_what_comes(pair: Pair) -> None:
    listener, near, far = (pair.port, 0), (pair.near_port, pair.port), (pair.port, pair.near_port)
    there = End(address=pair.to, port=pair.port)
    picks = {
        Pick(either=pair.port): {listener, near, far},
        Pick(source=End(port=pair.port)): {listener, far},
        Pick(destination=End(port=pair.port)): {near},
        Pick(destination=there): {near},
        Pick(source=there, destination=End(address=pair.to)): {far},
        Pick(either=pair.port, source=End(port=pair.near_port)): {near},
        Pick(either=pair.port, source=End(port=pair.port), destination=End(port=1)): set(),
        Pick(destination=End(address="127.0.0.2", port=pair.port)): set(),
    }
    assert {pick: ports(dump(pick=pick)) for pick in picks} == picks


def test_the_kernel_picks_as_python_would(pair: Pair) -> None:
    for pick in (Pick(either=pair.port), Pick(destination=End(address=pair.to, port=pair.port))):
        mine = {row for row in dump() if pick.means(row) and pair.port in ends(row)}
        assert {row.cookie for row in dump(pick=pick)} == {row.cookie for row in mine}


def ends(row: Socket) -> tuple[int, int]:
    return row.source_port, row.destination_port


def test_only_the_states_that_were_asked_for_come(pair: Pair) -> None:
    pick = Pick(either=pair.port)
    assert ports(dump({TcpState.LISTEN}, pick=pick)) == {(pair.port, 0)}
    assert (pair.port, 0) not in ports(dump({TcpState.ESTABLISHED}, pick=pick))
    assert dump({TcpState.SYN_SENT}, pick=pick) == ()


def test_proc_says_the_same_as_far_as_it_goes(pair: Pair) -> None:
    old = {key(row) for version in (4, 6) for row in proc_table(version)}
    assert {key(row) for row in dump(pick=Pick(either=pair.port))} <= old


def key(row: Socket) -> tuple[object, ...]:
    return row.family, row.state, row.source, row.source_port, row.destination, row.inode, row.uid


@pytest.fixture
def _without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> socket.socket:
        raise OSError(errno.EPROTONOSUPPORT, "Protocol not supported")

    monkeypatch.setattr(room, "_opened", refused)


@pytest.mark.usefixtures("_without")
def test_where_sock_diag_is_missing_proc_tells_what_it_can(pair: Pair) -> None:
    (listener,) = dump({TcpState.LISTEN}, pick=Pick(either=pair.port))
    assert (listener.source_port, listener.send_queue, listener.cookie) == (pair.port, None, None)
    assert listener.takes(pair.to)
    assert not listener.overflows
    (near,) = dump(pick=Pick(destination=End(address=pair.to, port=pair.port)))
    assert near.source_port == pair.near_port


@pytest.mark.usefixtures("_without")
def test_where_nothing_tells_the_first_reason_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_version: int) -> Iterator[Socket]:
        raise FileNotFoundError

    monkeypatch.setattr(room, "proc_table", missing)
    with pytest.raises(OSError, match="Protocol not supported"):
        dump()


def test_an_end_without_a_word_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        theirs.send(b"")
        monkeypatch.setattr(room, "_opened", lambda: mine)
        with pytest.raises(OSError, match="can't be read"):
            list(room.asked(room.ALL, room.EVERY, info=False))
