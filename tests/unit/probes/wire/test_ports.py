"""Source ports that are held while the walk lasts."""

import errno
import socket
from collections.abc import Iterator

import pytest

from layerwalk.probes.wire.ports import Ports

FOUR, SIX = "127.0.0.1", "::1"


@pytest.fixture
def ports() -> Iterator[Ports]:
    made = Ports()
    yield made
    made.close()


def bind(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.bind((address, port))


@pytest.mark.parametrize("source", [FOUR, SIX])
def test_nobody_else_gets_a_reserved_port(ports: Ports, source: str) -> None:
    number = ports.reserve(source, "syn 80")
    with pytest.raises(OSError) as refused:  # noqa: PT011  # its number is looked at
        bind(source, number)
    assert refused.value.errno == errno.EADDRINUSE


def test_one_purpose_keeps_its_port(ports: Ports) -> None:
    assert ports.reserve(FOUR, "syn 80") == ports.reserve(FOUR, "syn 80")
    assert ports.reserve(FOUR, "syn 80") != ports.reserve(FOUR, "udp")


def test_it_refuses_connections(ports: Ports) -> None:
    number = ports.reserve(FOUR, "syn 80")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((FOUR, number))


def test_a_closed_walk_gives_them_back() -> None:
    ports = Ports()
    number = ports.reserve(FOUR, "syn 80")
    ports.close()
    bind(FOUR, number)


def test_an_address_that_is_not_ours_is_refused(ports: Ports) -> None:
    with pytest.raises(OSError) as refused:  # noqa: PT011
        ports.reserve("198.51.100.77", "syn 80")
    assert refused.value.errno == errno.EADDRNOTAVAIL


def test_a_scope_names_the_interface(ports: Ports) -> None:
    with pytest.raises(OSError, match="no interface"):
        ports.reserve("fe80::1%none0", "syn 80")
