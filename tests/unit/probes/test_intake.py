"""A connection to an own port, on loopback: accepted, kept waiting, dropped, cut off."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Held, IntakeFact, Outcome
from layerwalk.probes.intake import Call, intake
from layerwalk.probes.wire.packets import Peer

FOUR, SIX = Peer("127.0.0.1", "127.0.0.1", "lo"), Peer("::1", "::1", "lo")
NOTHING = Call()
WEB = Call(host="localhost")
Treat = Callable[[socket.socket], None]


@contextmanager
def listening(peer: Peer = FOUR, backlog: int = 5) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind((peer.address, 0))
        listener.listen(backlog)
        yield listener


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def taken(treat: Treat, call: Call = NOTHING, peer: Peer = FOUR) -> IntakeFact:
    """Connect to a service that accepts and treats its one connection so."""

    def serve() -> socket.socket:
        mine, _ = listener.accept()
        treat(mine)
        return mine

    with listening(peer) as listener, ThreadPoolExecutor(1) as pool:
        served = pool.submit(serve)
        fact = intake(peer, port_of(listener), call, ProbeContext())
        served.result().close()
    return fact


def answer(words: bytes) -> Treat:
    def treat(mine: socket.socket) -> None:
        mine.recv(4096)
        mine.sendall(words)

    return treat


@pytest.mark.parametrize("peer", [FOUR, SIX])
def test_a_service_that_accepts_is_seen_to(peer: Peer) -> None:
    fact = taken(lambda _mine: None, peer=peer)
    assert (fact.outcome, fact.held, fact.answered_s) == (Outcome.ANSWERED, Held.NOWHERE, None)
    assert fact.made_s is not None
    assert fact.taken_s is not None
    assert fact.limit == 5
    assert "accepted after" in fact.finding


def test_an_http_answer_is_read_up_to_its_status() -> None:
    fact = taken(answer(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"), WEB)
    assert (fact.asked, fact.status, fact.said > 0) == ("http", 503, True)
    assert "HTTP 503" in fact.finding


def test_what_is_no_http_has_no_status() -> None:
    fact = taken(answer(b"220 mail\r\n"), WEB)
    assert (fact.status, fact.answered_s is not None) == (None, True)


def test_a_service_that_closes_at_once_is_seen_to() -> None:
    fact = taken(lambda mine: mine.close())
    assert (fact.closed_s is not None, fact.reset, fact.said) == (True, False, 0)


def test_a_port_where_nobody_listens_refuses() -> None:
    with listening() as listener:
        port = port_of(listener)
    fact = intake(FOUR, port, NOTHING, ProbeContext())
    assert (fact.outcome, fact.errno, fact.made) == (Outcome.REFUSED, "ECONNREFUSED", False)


def test_a_connection_that_nobody_accepts_waits_in_the_queue() -> None:
    with listening() as listener:
        fact = intake(FOUR, port_of(listener), NOTHING, ProbeContext())
    assert (fact.outcome, fact.held, fact.taken_s) == (Outcome.ANSWERED, Held.QUEUE, None)
    assert (fact.queue, fact.full, fact.moves) == (1, 0, 0)
    assert "not accepted" in fact.finding


@pytest.mark.parametrize("peer", [FOUR, SIX])
def test_a_full_queue_drops_and_the_kernel_counts_it(peer: Peer) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(listening(peer, backlog=1))
        for _ in range(2):  # one more than the limit
            stack.enter_context(socket.create_connection(listener.getsockname()[:2]))
        fact = intake(peer, port_of(listener), NOTHING, ProbeContext())
    assert (fact.outcome, fact.queue, fact.limit) == (Outcome.SILENT, 2, 1)
    assert fact.overflowed
    assert fact.full == fact.looks


def test_the_last_place_in_a_queue_is_followed_by_a_drop() -> None:
    """Ours takes it; one more connection shows what the next client would meet."""
    with listening(backlog=0) as listener:
        fact = intake(FOUR, port_of(listener), NOTHING, ProbeContext())
    assert (fact.held, fact.queue, fact.limit) == (Held.QUEUE, 1, 0)
    assert fact.overflowed


def test_a_service_that_waits_for_data_is_not_taken_for_a_deaf_one() -> None:
    with listening() as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)
        fact = intake(FOUR, port_of(listener), NOTHING, ProbeContext())
    assert (fact.outcome, fact.held) == (Outcome.ANSWERED, Held.HANDSHAKE)


def test_an_end_of_the_walk_ends_it() -> None:
    ctx = ProbeContext()
    ctx.cancel.set()
    with listening() as listener:
        fact = intake(FOUR, port_of(listener), WEB, ctx)
    assert fact.outcome is Outcome.CANCELLED
