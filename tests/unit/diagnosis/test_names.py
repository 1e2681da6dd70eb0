"""Names: denied, not asked for, or nobody there to ask."""

from layerwalk.diagnosis.model import Status
from layerwalk.probes.facts import (
    NameserverAnswer,
    Outcome,
    ResolveFact,
)
from tests.unit.diagnosis.facts import NAME, SERVER, resolved
from tests.unit.diagnosis.sayings import T, said, status


def server(outcome: Outcome, **changes: object) -> NameserverAnswer:
    fields = {"server": SERVER, "outcome": outcome, **changes}
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


def test_the_hosts_file_makes_nameservers_needless() -> None:
    assert status("resolver-unreachable", resolved(T, nameservers=(DEAD,)), host=NAME) is (
        Status.RULED_OUT
    )
