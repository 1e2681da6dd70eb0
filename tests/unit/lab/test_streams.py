"""A steady stream of datagrams, sent over loopback."""

import socket
from contextlib import closing

import pytest

from layerwalk.lab.streams import pour
from layerwalk.lab.traffic import Stream


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_stream_sends_datagrams_of_its_size(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as sock:
        sock.settimeout(10)
        sock.bind((address, 0))
        pour(Stream(address, port=sock.getsockname()[1], rate=500, size=40, seconds=0.05))
        assert [len(sock.recv(100)) for _ in range(3)] == [40, 40, 40]
