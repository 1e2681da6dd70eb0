"""Looking at this machine's sockets, on loopback."""

import os
import socket
from collections.abc import Iterator

import pytest

from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.process_sockets import listing
from layerwalk.session.sockets import Sight, Which, look, look_again
from layerwalk.session.sockets import looking as room
from layerwalk.session.targets import BadInput

Address = tuple[str, int]


@pytest.fixture(params=["127.0.0.1", "::1"])
def server(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    with socket.create_server((request.param, 0), family=family, backlog=1) as made:
        yield made


def port(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def test_a_port_is_looked_at(server: socket.socket) -> None:
    found = look(Which(port=port(server)))
    (one,) = found.seen.sockets
    assert one.socket.listens
    assert one.options is not None
    assert found.settings is not None


def test_the_worst_comes_first(server: socket.socket) -> None:
    near = [socket.create_connection(server.getsockname()[:2]) for _ in range(2)]
    try:
        rows = [one.socket for one in look(Which(port=port(server))).seen.sockets]
    finally:
        for one in near:
            one.close()
    assert rows[0].overflows
    assert len(rows) == 5


def test_a_version_leaves_the_other_out(server: socket.socket) -> None:
    version = 6 if server.family == socket.AF_INET6 else 4
    assert len(look(Which(port=port(server), version=version)).seen.sockets) == 1
    assert look(Which(port=port(server), version=10 - version)).seen.sockets == ()


def test_a_process_is_looked_at_by_its_number(server: socket.socket) -> None:
    found = look(Which(pid=os.getpid()))
    ports = {one.socket.source_port for one in found.seen.sockets}
    assert port(server) in ports
    assert found.process


def test_all_sockets_come_without_their_options(server: socket.socket) -> None:
    mine = [one for one in look().seen.sockets if one.socket.source_port == port(server)]
    assert [one.options for one in mine] == [None]
    assert os.getpid() in {it.pid for it in mine[0].holders}


def test_among_very_many_nobody_is_looked_for(
    server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST", 0)
    found = look()
    assert any("it was not looked for whose they are" in gap for gap in found.seen.gaps)
    assert port(server) in {one.socket.source_port for one in found.seen.sockets}
    assert not any(one.holders for one in found.seen.sockets)


def only(sight: Sight, *, listens: bool) -> LiveSocket:
    (one,) = (it for it in sight.seen.sockets if it.socket.listens is listens)
    return one


@pytest.mark.parametrize("which", [Which(), Which(pid=os.getpid())], ids=["all", "process"])
def test_one_of_them_is_opened(server: socket.socket, which: Which) -> None:
    before = look(Which(port=port(server)))
    sight = Sight(which=which)
    again = look_again(sight, only(before, listens=True))
    assert again is not None
    assert again.options is not None
    with socket.create_connection(server.getsockname()[:2]) as near:
        own = near.getsockname()[1]
        found = look(Which(port=port(server))).seen.sockets
        (one,) = (it for it in found if it.socket.source_port == own)
        opened = look_again(sight, one)
        assert opened is not None
        assert (opened.socket.cookie, opened.socket.state) == (
            one.socket.cookie,
            one.socket.state,
        )
    server.close()
    assert look_again(sight, only(before, listens=True)) is None


def test_what_is_not_there_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise ProcessLookupError

    def dumb(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(room, "of_process", gone)
    with pytest.raises(BadInput, match="there is no process 4711, or it has ended"):
        look(Which(pid=4711))
    monkeypatch.setattr(room, "of_all", dumb)
    with pytest.raises(BadInput, match="does not list its sockets: Operation not permitted"):
        look()
