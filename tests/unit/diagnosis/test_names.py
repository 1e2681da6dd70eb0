"""Names: denied, not asked for, or nobody there to ask."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.probes.facts import (
    NameserverAnswer,
    Outcome,
    ResolveFact,
    RouteKind,
)
from tests.unit.diagnosis.facts import NAME, SERVER, resolved
from tests.unit.diagnosis.sayings import T, said, status
from tests.unit.diagnosis.views import walk


def server(outcome: Outcome, **changes: object) -> NameserverAnswer:
    fields: dict[str, object] = {"server": SERVER, "outcome": outcome, **changes}
    return NameserverAnswer(**fields)  # type: ignore[arg-type]


def looked_up(*servers: NameserverAnswer, **changes: object) -> ResolveFact:
    return resolved(**{"nameservers": servers, "outcome": Outcome.REFUSED, **changes})


DENIED = server(Outcome.ANSWERED, rcode="NXDOMAIN")
OTHER_FAMILY = server(Outcome.ANSWERED, rcode="NOERROR", other_family=True)
DEAD = server(Outcome.SILENT)


def test_a_name_of_the_other_family_only_says_which() -> None:
    for family, words in ((4, "no IPv4 address"), (6, "no IPv6 address")):
        found = said("name-not-found", looked_up(OTHER_FAMILY, family=family), host=NAME)
        assert words in found.explanation
        assert found.where == {"kind": "resolver", "address": SERVER}


def test_a_name_without_any_address_is_told_from_none_at_all() -> None:
    empty = server(Outcome.ANSWERED, rcode="NOERROR")
    assert "no address" in said("name-not-found", looked_up(empty), host=NAME).explanation
    assert "no such name" in said("name-not-found", looked_up(DENIED), host=NAME).explanation


def test_a_system_that_asks_no_dns_is_told_by_its_file() -> None:
    fact = looked_up(sources=("files",), nsswitch_file="/etc/nsswitch.conf")
    found = said("name-not-found", fact, host=NAME)
    assert found.where == {"kind": "resolver", "file": "/etc/nsswitch.conf"}
    other = looked_up(sources=("files", "ldap"))
    assert status("name-not-found", other, host=NAME) is Status.UNKNOWN


def test_while_the_system_still_asks_a_denial_is_only_likely() -> None:
    fact = looked_up(DENIED, system_pending=True)
    assert status("name-not-found", fact, host=NAME) is Status.LIKELY


def test_nameservers_are_unreachable_only_together() -> None:
    assert status("resolver-unreachable", looked_up(DEAD, DEAD), host=NAME) is Status.CONFIRMED
    assert status("resolver-unreachable", looked_up(DEAD, DENIED), host=NAME) is Status.RULED_OUT
    not_asked = server(Outcome.NOT_RUN)
    assert status("resolver-unreachable", looked_up(DEAD, not_asked), host=NAME) is Status.UNKNOWN
    assert status("resolver-unreachable", looked_up(), host=NAME) is Status.UNKNOWN


def test_the_default_nameserver_is_named_as_such() -> None:
    closed = server(Outcome.REFUSED)
    found = said("resolver-unreachable", looked_up(closed, defaulted=True), host=NAME)
    assert "no nameserver is configured" in found.explanation
    assert "port closed" in found.explanation


def failing(rcode: str = "", detail: str = "", **changes: object) -> NameserverAnswer:
    return server(Outcome.ANSWERED, rcode=rcode, detail=detail, **changes)


SERVFAIL = failing("SERVFAIL", server="192.0.2.54")
AGAIN = "EAI_AGAIN: Temporary failure in name resolution"


def test_of_nameservers_that_fail_the_first_that_answers_is_named() -> None:
    found = said("resolver-failing", looked_up(DEAD, SERVFAIL, system_error=AGAIN), host=NAME)
    assert found.status is Status.CONFIRMED
    assert found.where == {"kind": "resolver", "address": "192.0.2.54"}
    assert f"{SERVER} does not answer (silent)" in found.explanation
    assert "SERVFAIL (it could not find out)" in found.explanation


def test_what_cannot_be_used_is_said_in_words() -> None:
    noise = failing(detail="the answer is garbled")
    found = said("resolver-failing", looked_up(noise), host=NAME)
    assert found.explanation.endswith("of no use: the answer is garbled.")
    assert status("resolver-unreachable", looked_up(noise), host=NAME) is Status.RULED_OUT


def test_one_nameserver_that_knows_makes_the_failing_ones_a_remark() -> None:
    fact = resolved(T, nameservers=(SERVFAIL, server(Outcome.ANSWERED, rcode="NOERROR")))
    assert status("resolver-failing", fact, host=NAME) is Status.RULED_OUT
    assert fact.finding.endswith("(DNS); 192.0.2.54: SERVFAIL")


def test_a_denial_by_another_nameserver_decides() -> None:
    for servers in ((SERVFAIL, DENIED), (DENIED, SERVFAIL)):
        fact = looked_up(*servers, system_error="EAI_NONAME")
        assert status("resolver-failing", fact, host=NAME) is Status.RULED_OUT
        assert status("name-not-found", fact, host=NAME) is Status.CONFIRMED


def test_a_system_that_found_out_otherwise_makes_it_less_sure() -> None:
    for error, expected in (
        ("EAI_NONAME: Name or service not known", Status.LIKELY),
        (AGAIN, Status.CONFIRMED),
    ):
        fact = looked_up(SERVFAIL, system_error=error)
        assert status("resolver-failing", fact, host=NAME) is expected
    old = looked_up(failing("FORMERR"), system_error="EAI_NONAME")
    assert status("resolver-failing", old, host=NAME) is Status.CONFIRMED


def test_nameservers_that_nobody_asks_do_not_fail() -> None:
    fact = looked_up(SERVFAIL, sources=("files",))
    assert status("resolver-failing", fact, host=NAME) is Status.RULED_OUT
    assert status("resolver-failing", looked_up(DEAD), host=NAME) is Status.RULED_OUT
    unasked = looked_up(server(Outcome.CANCELLED))
    assert status("resolver-failing", unasked, host=NAME) is Status.UNKNOWN


HALF = server(
    Outcome.ANSWERED,
    rcode="NOERROR",
    addresses=("2001:db8::10",),
    failed=("A",),
    detail="to the question for A: SERVFAIL",
)
NO_WAY = samples.route(
    destination="2001:db8::10", outcome=Outcome.UNREACHABLE, kind=RouteKind.NONE, interface=""
)


def test_a_family_that_fails_explains_where_the_other_leads_nowhere() -> None:
    facts = (resolved("2001:db8::10", nameservers=(HALF,)), NO_WAY)
    told = conclude(walk(facts, NAME))
    assert [one.cause.id for one in told.named] == ["resolver-failing", "no-route"]
    assert told.named[0].confidence == "likely"
    assert "A addresses" in told.named[0].judgement.explanation


def test_a_family_that_fails_is_a_remark_where_the_other_has_a_route() -> None:
    way = samples.route(destination="2001:db8::10")
    for facts in (
        (resolved("2001:db8::10", nameservers=(HALF,)), way),
        (resolved("2001:db8::10", nameservers=(HALF,)),),
    ):
        assert status("resolver-failing", *facts, host=NAME) is Status.RULED_OUT


def test_the_hosts_file_makes_nameservers_needless() -> None:
    assert status("resolver-unreachable", resolved(T, nameservers=(DEAD,)), host=NAME) is (
        Status.RULED_OUT
    )
