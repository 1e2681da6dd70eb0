"""What TCP_INFO says of a program's own socket."""

import socket
from typing import cast

import pytest

from layerwalk.probes.tcp_info import tcp_info
from tests.unit.probes.sock_diag.kernel import tcp_info as told


class Told:
    """A socket of which the kernel says this."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def getsockopt(self, _level: int, _option: int, room: int) -> bytes:
        return self._data[:room]


def test_a_connection_of_our_own_says_how_it_came_about() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
    ):
        info = tcp_info(near)
    assert info.established
    assert not info.asks_to_connect
    assert (info.state, info.total_retrans) == ("ESTABLISHED", 0)
    assert info.rtt_s > 0
    assert info.announced_mss == info.snd_mss + (12 if "timestamps" in info.options else 0)


@pytest.mark.parametrize(("state", "made"), [(1, True), (2, False), (3, False), (8, True)])
def test_the_state_says_whether_the_handshake_was_made(state: int, made: bool) -> None:  # noqa: FBT001
    info = tcp_info(cast("socket.socket", Told(told(at_0=state))))
    assert info.established is made
    assert info.asks_to_connect is (state == 2)


def test_timestamps_take_room_of_each_segment() -> None:
    info = tcp_info(cast("socket.socket", Told(told(at_0=1, at_5=1, at_16=1448))))
    assert (info.overhead, info.announced_mss) == (12, 1460)


def test_what_an_old_kernel_does_not_tell_is_nothing() -> None:
    info = tcp_info(cast("socket.socket", Told(b"\x02")))
    assert info.asks_to_connect
    assert (info.total_retrans, info.rtt_s, info.announced_mss, info.snd_wnd) == (0, 0, 0, None)
