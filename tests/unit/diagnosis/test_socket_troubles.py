"""Which sockets are worth looking at."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis.socket_troubles import is_suspect, troubles
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from tests.unit.diagnosis.socket_limits.sockets import SOCKET, asking, resending

LISTENER = replace(SOCKET, state=TcpState.LISTEN)
HALF = replace(SOCKET, state=TcpState.SYN_RECV)
WAITS = (
    (asking(0, 1.0), 2, "1 SYN sent"),
    (asking(2, 1.0), 0, "3 SYNs sent"),
    (replace(HALF, timer=SocketTimer.RETRANSMIT, retransmits=1), 3, "once again"),
    (resending(2, 1.0, 0.8), 1, "2 times"),
    (replace(SOCKET, timer=SocketTimer.WINDOW_PROBE), 2, "no room"),
    (replace(SOCKET, timer=SocketTimer.KEEPALIVE, retransmits=1), 1, "1 keepalive probe"),
    (replace(LISTENER, receive_queue=4, send_queue=3), 0, "full (4 connections for 3)"),
    (replace(LISTENER, receive_queue=3, send_queue=3), 1, "room for one more"),
    (replace(SOCKET, state=TcpState.CLOSE_WAIT), 4, "has closed"),
    (replace(SOCKET, receive_queue=100_000), 3, "100000 bytes"),
)
FINE = (
    SOCKET,
    HALF,
    LISTENER,
    replace(LISTENER, receive_queue=3, send_queue=128),
    replace(LISTENER, receive_queue=3, send_queue=None),
    replace(SOCKET, receive_queue=100),
    resending(0, 0.1, 0.2),
    replace(SOCKET, timer=SocketTimer.KEEPALIVE, expires_s=7000.0),
    replace(SOCKET, state=TcpState.CLOSE_WAIT, inode=0),
    replace(SOCKET, state=TcpState.TIME_WAIT, timer=SocketTimer.TIME_WAIT),
)


@pytest.mark.parametrize(("row", "rank", "words"), WAITS)
def test_what_waits_is_told(row: Socket, rank: int, words: str) -> None:
    (found,) = troubles(row)
    assert found.rank == rank
    assert words in found.says
    assert is_suspect(row)


@pytest.mark.parametrize("row", FINE)
def test_what_is_fine_is_not(row: Socket) -> None:
    assert troubles(row) == ()


def test_the_worst_comes_first() -> None:
    row = replace(resending(1, 0.4, 0.4), receive_queue=100_000)
    assert [one.rank for one in troubles(row)] == [1, 3]
