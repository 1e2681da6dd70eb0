"""One nameserver, over loopback, that does what no nameserver should; and what is made of it."""

import errno
import socket
import threading
from collections.abc import Callable, Iterator

import dns.message
import dns.rrset
import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import NameserverAnswer, Outcome
from layerwalk.probes.resolve import exchange
from layerwalk.probes.resolve.exchange import Heard
from layerwalk.probes.resolve.messages import Kind, Reply
from layerwalk.probes.resolve.nameserver import Lookup, inquire, judged

BLANK = NameserverAnswer(server="192.0.2.53", outcome=Outcome.SILENT)
SIX = Reply(rcode="NOERROR", addresses=("2001:db8::1",))
BOTH: tuple[Kind, ...] = ("AAAA", "A")
LOOKUP = Lookup(names=("db.lab.test",), family=4)
Answering = Callable[[bytes], list[bytes]]
Serve = Callable[[Answering], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Answer on a loopback port, which the exchange takes for port 53."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        monkeypatch.setattr(exchange, "PORT", sock.getsockname()[1])
        threads = []

        def start(answering: Answering) -> None:
            def loop() -> None:
                while (received := sock.recvfrom(65535))[0] != b"end":
                    for data in answering(received[0]):
                        sock.sendto(data, received[1])

            threads.append(threading.Thread(target=loop))
            threads[0].start()

        yield start
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closing:
            closing.sendto(b"end", sock.getsockname())
        for thread in threads:
            thread.join()


def right(question: bytes) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(question))
    response.answer.append(dns.rrset.from_text("db.lab.test.", 60, "IN", "A", "192.0.2.1"))
    return bytes(response.to_wire())


def test_forgeries_before_the_answer_do_not_count(serve: Serve) -> None:
    serve(lambda asked: [b"", b"\0" * 600, asked, asked[:2] + b"\x81\x80rubbish", right(asked)])
    answer = inquire("127.0.0.1", LOOKUP, ProbeContext())
    assert (answer.outcome, answer.addresses) == (Outcome.ANSWERED, ("192.0.2.1",))


def test_a_cancelled_walk_ends_the_wait(serve: Serve) -> None:
    ctx = ProbeContext()

    def cancel(_asked: bytes) -> list[bytes]:
        ctx.cancel.set()
        return []

    serve(cancel)
    assert inquire("127.0.0.1", LOOKUP, ctx).outcome is Outcome.CANCELLED


def test_a_closed_port_refuses_at_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    del serve
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setattr(exchange, "PORT", held.getsockname()[1])
    answer = inquire("127.0.0.1", LOOKUP, ProbeContext())
    assert (answer.outcome, answer.detail) == (Outcome.REFUSED, "ECONNREFUSED")


def test_silence_for_one_kind_is_no_denial() -> None:
    heard = Heard(replies={"A": Reply(rcode="NOERROR")})
    answer = judged(BLANK, [heard], BOTH)
    assert (answer.outcome, answer.unanswered, answer.denies) == (Outcome.SILENT, ("AAAA",), False)


def test_no_such_name_holds_for_every_kind() -> None:
    answer = judged(BLANK, [Heard(replies={"A": Reply(rcode="NXDOMAIN")})], BOTH)
    assert (answer.outcome, answer.rcode) == (Outcome.ANSWERED, "NXDOMAIN")


def test_a_failure_outweighs_denials_of_other_names() -> None:
    heard = [
        Heard(replies={"A": Reply(rcode="SERVFAIL")}),
        Heard(replies={"A": Reply(rcode="NXDOMAIN")}),
    ]
    assert judged(BLANK, heard, ("A",)).rcode == "SERVFAIL"
    heard[0].replies["A"] = Reply(rcode="NOERROR")
    assert judged(BLANK, heard, ("A",)).rcode == "NOERROR"


def test_an_answer_that_cannot_be_used_is_a_failure() -> None:
    garbled = judged(BLANK, [Heard(replies={"A": Reply()})], ("A",))
    assert (garbled.outcome, garbled.rcode) == (Outcome.ANSWERED, "")
    assert (garbled.detail, garbled.word) == ("the answer is garbled", "the answer is garbled")
    assert garbled.fails
    assert not garbled.denies


def test_one_kind_that_fails_beside_one_that_is_known() -> None:
    heard = Heard(replies={"A": Reply(rcode="SERVFAIL"), "AAAA": SIX})
    answer = judged(BLANK, [heard], BOTH)
    assert (answer.addresses, answer.failed) == (SIX.addresses, ("A",))
    assert answer.detail == "to the question for A: SERVFAIL"
    assert not answer.fails
    heard.replies["A"] = Reply(rcode="NXDOMAIN")
    assert judged(BLANK, [heard], BOTH).failed == ()


def test_no_such_name_outweighs_a_failure_of_the_other_kind() -> None:
    heard = Heard(replies={"A": Reply(rcode="SERVFAIL"), "AAAA": Reply(rcode="NXDOMAIN")})
    assert judged(BLANK, [heard], BOTH).denies


def test_an_error_is_named() -> None:
    lost = Heard(error=OSError(errno.EHOSTUNREACH, ""))
    answer = judged(BLANK, [lost], ("A",))
    assert (answer.outcome, answer.detail) == (Outcome.UNREACHABLE, "EHOSTUNREACH")


def test_strange_answers_are_counted_and_are_of_no_use() -> None:
    answer = judged(BLANK, [Heard(misfits=3)], ("A",))
    assert (answer.outcome, answer.detail) == (Outcome.ANSWERED, "3 answers that fit no question")
    assert answer.fails


def test_strange_answers_beside_silence_for_one_kind() -> None:
    heard = Heard(replies={"A": Reply(rcode="NOERROR")}, misfits=2)
    answer = judged(BLANK, [heard], BOTH)
    assert answer.outcome is Outcome.SILENT
    assert answer.detail == "no answer to the question for AAAA; 2 answers that fit no question"
