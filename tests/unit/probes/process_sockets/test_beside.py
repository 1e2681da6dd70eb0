"""Sockets that are not TCP's: counted, not shown."""

import pytest

from layerwalk.probes.process_sockets import of_process
from tests.unit.probes.process_sockets.program import program

UNIX = "one, two = socket.socketpair(); say(); wait()"
UDP = "one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); say(); wait()"
LISTENS = "one = socket.create_server(('127.0.0.1', 0)); again = socket.fromfd(one.fileno(), 2, 1)"


@pytest.mark.parametrize(("source", "count"), [(UNIX, "2 more sockets"), (UDP, "1 more socket:")])
def test_a_program_without_tcp_has_other_sockets(source: str, count: str) -> None:
    with program(source) as one:
        seen = of_process(one.pid)
    assert seen.sockets == ()
    (gap,) = seen.gaps
    assert count in gap


def test_a_socket_with_two_descriptors_is_one() -> None:
    with program(f"{LISTENS}; say(); wait()") as one:
        seen = of_process(one.pid)
    (listener,) = seen.sockets
    assert len(listener.holders) == 2
    assert seen.gaps == ()
