"""What the lab's name server answers, without a network."""

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import pytest

from layerwalk.lab.nameserver import answer
from layerwalk.lab.spec import Answering, NameServer, Record

KNOWN = (
    Record("a.lab.test", "A", "203.0.113.1"),
    Record("a.lab.test", "A", "203.0.113.2"),
    Record("alias.lab.test", "CNAME", "a.lab.test."),
)


def ask(
    server: NameServer, name: str, kind: str = "A", *, tcp: bool = False
) -> dns.message.Message:
    found = answer(server, dns.message.make_query(name, kind).to_wire(), tcp=tcp)
    assert found is not None
    return dns.message.from_wire(found)


def values(message: dns.message.Message) -> list[str]:
    return sorted(str(value) for rrset in message.answer for value in rrset)


def test_every_record_of_a_name_is_given() -> None:
    assert values(ask(NameServer(KNOWN), "A.lab.test")) == ["203.0.113.1", "203.0.113.2"]


def test_a_name_without_that_kind_of_record_exists_all_the_same() -> None:
    found = ask(NameServer(KNOWN), "a.lab.test", "AAAA")
    assert (found.rcode(), found.answer) == (dns.rcode.NOERROR, [])


def test_an_unknown_name_does_not_exist() -> None:
    assert ask(NameServer(KNOWN), "b.lab.test").rcode() == dns.rcode.NXDOMAIN


def test_an_alias_brings_what_it_points_at() -> None:
    found = values(ask(NameServer(KNOWN), "alias.lab.test"))
    assert found == ["203.0.113.1", "203.0.113.2", "a.lab.test."]


def test_one_name_can_fail_alone() -> None:
    server = NameServer(KNOWN, failing=("a.lab.test",))
    assert ask(server, "a.lab.test").rcode() == dns.rcode.SERVFAIL
    assert ask(server, "alias.lab.test").rcode() == dns.rcode.NOERROR


def test_all_can_be_refused() -> None:
    assert ask(NameServer(KNOWN, rcode="REFUSED"), "a.lab.test").rcode() == dns.rcode.REFUSED


@pytest.mark.parametrize(("silent", "heard"), [(("ANY",), False), (("AAAA",), True)])
def test_silence_can_be_for_one_kind_only(silent: tuple[str, ...], *, heard: bool) -> None:
    question = dns.message.make_query("a.lab.test", "A").to_wire()
    assert (answer(NameServer(KNOWN, silent=silent), question) is not None) is heard


def test_a_truncated_answer_is_whole_over_tcp() -> None:
    server = NameServer(KNOWN, truncated=True)
    short = ask(server, "a.lab.test")
    assert short.flags & dns.flags.TC
    assert not short.answer
    assert len(values(ask(server, "a.lab.test", tcp=True))) == 2


def test_one_kind_of_question_can_fail_alone() -> None:
    server = NameServer(KNOWN, failing=("AAAA",))
    assert ask(server, "a.lab.test", "AAAA").rcode() == dns.rcode.SERVFAIL
    assert ask(server, "a.lab.test").rcode() == dns.rcode.NOERROR


def test_a_referral_names_others_and_nothing_else() -> None:
    found = ask(NameServer(KNOWN, answering=Answering.REFERRAL), "a.lab.test")
    assert (found.answer, bool(found.authority)) == ([], True)
    assert not found.flags & dns.flags.RA


def test_noise_has_the_questions_id_and_makes_no_message() -> None:
    query = dns.message.make_query("a.lab.test", "A")
    noise = answer(NameServer(KNOWN, answering=Answering.NOISE), query.to_wire())
    assert noise is not None
    assert noise[:2] == query.id.to_bytes(2)
    with pytest.raises(dns.exception.DNSException):
        dns.message.from_wire(noise)


def test_the_answer_to_another_question_fits_none() -> None:
    query = dns.message.make_query("a.lab.test", "A")
    other = answer(NameServer(KNOWN, answering=Answering.OTHER), query.to_wire())
    assert other is not None
    assert not query.is_response(dns.message.from_wire(other))


def test_an_old_server_takes_edns_for_an_error() -> None:
    query = dns.message.make_query("a.lab.test", "A", use_edns=0)
    found = answer(NameServer(KNOWN, edns=False), query.to_wire())
    assert found is not None
    assert dns.message.from_wire(found).rcode() == dns.rcode.FORMERR
    assert ask(NameServer(KNOWN, edns=False), "a.lab.test").rcode() == dns.rcode.NOERROR


def test_noise_is_not_answered() -> None:
    assert answer(NameServer(KNOWN), b"noise") is None
