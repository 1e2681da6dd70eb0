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


def answer(
    *records: str,
    query: dns.message.Message = QUERY,
    flags: int = 0,
    authority: tuple[str, ...] = (),
) -> bytes:
    response = dns.message.make_response(query)
    response.flags |= flags
    for section, texts in ((response.answer, records), (response.authority, authority)):
        for text in texts:
            owner, kind, value = text.split(maxsplit=2)
            section.append(dns.rrset.from_text(owner, 60, "IN", kind, value))
    return bytes(response.to_wire())


def test_an_address_at_the_end_of_a_chain() -> None:
    data = answer(f"{NAME}. CNAME b.test.", "b.test. CNAME c.test.", "c.test. A 192.0.2.1")
    assert read(QUERY, data) == Reply(rcode="NOERROR", addresses=("192.0.2.1",))


def test_an_address_of_another_name_is_none_of_ours() -> None:
    other = answer("evil.test. A 192.0.2.66", flags=dns.flags.RA)
    assert read(QUERY, other) == Reply(rcode="NOERROR")


def test_a_chain_without_an_end_says_nothing() -> None:
    data = answer(f"{NAME}. CNAME b.test.", f"b.test. CNAME {NAME}.")
    reply = read(QUERY, data)
    assert reply is not None
    assert reply.addresses == ()


def test_a_truncated_answer_is_not_used() -> None:
    reply = read(QUERY, answer(f"{NAME}. A 192.0.2.1", flags=dns.flags.TC))
    assert reply == Reply(rcode="NOERROR", truncated=True)
    assert "TCP port 53" in reply.flaw


RA, AA = dns.flags.RA, dns.flags.AA
NAMESERVER = ("test. NS ns.test.",)
ORIGIN = ("test. SOA ns.test. mail.test. 1 2 3 4 5",)


@pytest.mark.parametrize(
    ("authority", "flags", "refers"),
    [
        (NAMESERVER, 0, True),
        (NAMESERVER, RA, True),
        ((), 0, True),
        ((), RA, False),
        ((), AA, False),
        (NAMESERVER, AA, False),
        (ORIGIN, 0, False),
        (NAMESERVER + ORIGIN, RA, False),
    ],
)
def test_a_referral_is_told_from_a_name_without_an_address(
    authority: tuple[str, ...], flags: int, *, refers: bool
) -> None:
    reply = read(QUERY, answer(flags=flags, authority=authority))
    assert reply == Reply(rcode="NOERROR", referral=refers)
    assert bool(reply.flaw) is refers


def test_an_address_is_no_referral_whoever_gives_it() -> None:
    data = answer(f"{NAME}. A 192.0.2.1", authority=NAMESERVER)
    assert read(QUERY, data) == Reply(rcode="NOERROR", addresses=("192.0.2.1",))


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
