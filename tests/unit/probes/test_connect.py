"""A real connection, on loopback: made, refused, closed early, or left waiting."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from layerwalk.probes.connect import connect
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import ConnectFact, Outcome
from layerwalk.probes.wire.packets import Peer

FOUR, SIX = Peer("127.0.0.1", "127.0.0.1", "lo"), Peer("::1", "::1", "lo")
Treat = Callable[[socket.socket], None]


@contextmanager
def listening(peer: Peer, backlog: int = 5) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind((peer.address, 0))
        listener.listen(backlog)
        yield listener


def connected(treat: Treat, peer: Peer = FOUR) -> ConnectFact:
    """Connect to a service that treats its one connection so."""

    def serve(listener: socket.socket) -> None:
        taken, _ = listener.accept()
        treat(taken)
        held.append(taken)

    held: list[socket.socket] = []
    with listening(peer) as listener, ThreadPoolExecutor(1) as pool:
        served = pool.submit(serve, listener)
        fact = connect(peer, listener.getsockname()[1], ProbeContext())
        served.result()
    for taken in held:
        taken.close()
    return fact


def reset(taken: socket.socket) -> None:
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    taken.close()


@pytest.mark.parametrize("peer", [FOUR, SIX])
def test_a_connection_that_stays_open_is_listened_to_in_vain(peer: Peer) -> None:
    fact = connected(lambda _taken: None, peer)
    assert (fact.outcome, fact.said, fact.closed_after_s) == (Outcome.ANSWERED, 0, None)
    host, port = fact.source.split(" ")
    assert (host, int(port) > 0) == (peer.address, True)


def test_what_is_said_is_counted() -> None:
    fact = connected(lambda taken: taken.sendall(b"220 hello\r\n"))
    assert (fact.said, fact.closed_after_s) == (11, None)


@pytest.mark.parametrize("treat", [socket.socket.close, reset])
def test_a_connection_that_is_ended_at_once_is_told(treat: Treat) -> None:
    fact = connected(treat)
    assert (fact.outcome, fact.said) == (Outcome.ANSWERED, 0)
    assert fact.closed_after_s is not None


@pytest.mark.parametrize("peer", [FOUR, SIX])
def test_a_closed_port_refuses(peer: Peer) -> None:
    with listening(peer) as listener:
        port = listener.getsockname()[1]
    fact = connect(peer, port, ProbeContext())
    assert (fact.outcome, fact.errno, fact.offender) == (Outcome.REFUSED, "ECONNREFUSED", "")


def test_a_full_queue_leaves_it_waiting() -> None:
    """By a clock that runs a hundred times as fast, waiting is soon enough."""
    with listening(FOUR, backlog=0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((FOUR.address, port)):
            ctx = ProbeContext(clock=lambda: time.monotonic() * 100)
            fact = connect(FOUR, port, ctx)
    assert (fact.outcome, fact.errno) == (Outcome.SILENT, "")
    assert fact.waited_s >= 3.6


def test_a_walk_that_ends_early_does_not_call_it_silent() -> None:
    with listening(FOUR, backlog=0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((FOUR.address, port)):
            ctx = ProbeContext()
            ctx.cancel.set()
            assert connect(FOUR, port, ctx).outcome is Outcome.CANCELLED
