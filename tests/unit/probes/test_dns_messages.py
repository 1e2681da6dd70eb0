"""DNS answers, well-formed and hostile."""

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.probes.resolve.messages import Reply, askable, question, read

NAME = "db.lab.test"
QUERY = question(NAME, "A")


def answer(*records: str, query: dns.message.Message = QUERY, flags: int = 0) -> bytes:
    response = dns.message.make_response(query)
    response.flags |= flags
    for record in records:
        owner, kind, value = record.split()
        response.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, value))
    return bytes(response.to_wire())


def test_an_address_at_the_end_of_a_chain() -> None:
    data = answer(f"{NAME}. CNAME b.test.", "b.test. CNAME c.test.", "c.test. A 192.0.2.1")
    assert read(QUERY, data) == Reply(rcode="NOERROR", addresses=("192.0.2.1",))


def test_an_address_of_another_name_is_none_of_ours() -> None:
    assert read(QUERY, answer("evil.test. A 192.0.2.66")) == Reply(rcode="NOERROR")


def test_a_chain_without_an_end_says_nothing() -> None:
    data = answer(f"{NAME}. CNAME b.test.", f"b.test. CNAME {NAME}.")
    reply = read(QUERY, data)
    assert reply is not None
    assert reply.addresses == ()


def test_a_truncated_answer_is_not_used() -> None:
    reply = read(QUERY, answer(f"{NAME}. A 192.0.2.1", flags=dns.flags.TC))
    assert reply == Reply(rcode="NOERROR", truncated=True)
    assert not reply.usable


@pytest.mark.parametrize(
    "data",
    [
        b"",
        QUERY.to_wire(),
        answer(query=question(NAME, "A")),
        QUERY.id.to_bytes(2) + answer(query=question("other.test", "A"))[2:],
    ],
    ids=["nothing", "a question", "another id", "another question"],
)
def test_what_answers_no_question_is_left_out(data: bytes) -> None:
    assert read(QUERY, data) is None


def test_rubbish_with_the_right_id_is_known_as_such() -> None:
    assert read(QUERY, QUERY.id.to_bytes(2) + b"\x81") == Reply()


@settings(deadline=None)
@given(st.binary(max_size=600), st.booleans())
def test_no_bytes_trip_it(data: bytes, behind_a_header: bool) -> None:  # noqa: FBT001
    start = answer(f"{NAME}. A 192.0.2.1")[:29] if behind_a_header else QUERY.id.to_bytes(2)
    reply = read(QUERY, start + data)
    assert reply is None or isinstance(reply, Reply)


@pytest.mark.parametrize("name", ["x" * 64, "a..b", "y." * 130 + "z"])
def test_a_name_that_dns_cannot_carry(name: str) -> None:
    assert not askable(name)
    assert askable(NAME)
