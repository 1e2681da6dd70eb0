"""Which source ports a walk takes."""

import errno
import socket
from contextlib import closing

import pytest

from layerwalk.probes import port_choice
from layerwalk.probes.port_choice import (
    bind_anywhere,
    bind_outside,
    connect_from_outside,
    leave_port_to_connect,
)
from layerwalk.probes.port_range import PortRange, port_range

HOME = "127.0.0.1"


def stream(family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    return socket.socket(family, socket.SOCK_STREAM)


@pytest.mark.parametrize("scarce", [False, True])
def test_it_comes_from_the_range_unless_that_is_scarce(scarce: bool) -> None:  # noqa: FBT001
    with closing(stream()) as sock:
        bind_anywhere(sock, (HOME, 0), scarce=scarce)
        assert (sock.getsockname()[1] in port_range()) is not scarce


def test_a_range_that_is_full_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """One port is all that there is, and it is taken: the next socket gets another."""
    with closing(stream()) as holder:
        holder.bind((HOME, 0))
        number = holder.getsockname()[1]
        monkeypatch.setattr(port_choice, "port_range", lambda: PortRange(number, number))
        with closing(stream(socket.AF_INET6)) as sock:
            bind_outside(sock, ("::1", 0, 0, 0))
            assert sock.getsockname()[1] != number


def test_none_outside_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_choice, "port_range", lambda: PortRange(1, 65535))
    with closing(stream()) as sock, pytest.raises(OSError, match="no local port") as refused:
        bind_outside(sock, (HOME, 0))
    assert refused.value.errno == errno.EADDRINUSE


def test_an_address_that_is_not_ours_is_refused() -> None:
    with closing(stream()) as sock, pytest.raises(OSError, match="requested address"):
        bind_outside(sock, ("198.51.100.77", 0))


def test_a_connection_can_be_made_from_outside() -> None:
    with closing(stream()) as listener, closing(stream()) as sock:
        listener.bind((HOME, 0))
        listener.listen()
        leave_port_to_connect(sock)
        sock.bind((HOME, 0))
        assert sock.getsockname()[1] == 0
        assert connect_from_outside(sock, listener.getsockname()) == 0
        assert sock.getsockname()[1] not in port_range()


def test_no_port_outside_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_choice, "port_range", lambda: PortRange(1, 65535))
    with closing(stream()) as sock:
        assert connect_from_outside(sock, (HOME, 9)) == errno.EADDRINUSE
