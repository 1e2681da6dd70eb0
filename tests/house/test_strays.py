"""The suite stops its own traffic before it leaves this machine."""

import ctypes
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

OUTSIDE = ("192.0.2.1", 9)
CLONE_NEWNET = 0x40000000  # sched.h


def connect() -> None:
    with socket.socket() as tried:
        tried.connect(OUTSIDE)


def send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as tried:
        tried.sendto(b"", OUTSIDE)


def connect_v6() -> None:
    with socket.socket(socket.AF_INET6) as tried:
        tried.connect(("2001:db8::1", 9, 0, 0))


def look_up() -> None:
    socket.getaddrinfo("host.invalid", 9)


@pytest.mark.parametrize("stray", [connect, send, connect_v6, look_up])
def test_a_stray_is_stopped_and_remembered(strays: list[str], stray: Callable[[], None]) -> None:
    with pytest.raises(PermissionError):
        stray()
    assert len(strays) == 1
    strays.clear()


def test_loopback_is_free(strays: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address), socket.socket(type=socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", address)
    assert strays == []


def connect_from_elsewhere() -> None:
    if ctypes.CDLL(None).unshare(CLONE_NEWNET) != 0:
        pytest.skip("a thread may enter a namespace of its own only as root")
    connect()


@pytest.mark.netns
def test_a_namespace_is_free(strays: list[str]) -> None:
    with ThreadPoolExecutor(1) as elsewhere, pytest.raises(OSError, match="unreachable"):
        elsewhere.submit(connect_from_elsewhere).result()
    assert strays == []
