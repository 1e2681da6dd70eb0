"""Names, asked of nameservers that behave as they are told."""

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.spec import HOSTS_FILE, Answering, End, Host, Link, NameServer, Network, Record
from layerwalk.probes.facts import Family, NameserverAnswer, Outcome, ResolveFact, Target
from tests.lab.probed import probed_apart

pytestmark = pytest.mark.netns

FIRST, SECOND, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"
SIX = "2001:db8::1"
BOTH = ("2001:db8:9::10", "203.0.113.10")
ZONE = (
    Record("server.lab.test", "A", "203.0.113.10"),
    Record("server.lab.test", "AAAA", "2001:db8:9::10"),
    Record("six.lab.test", "AAAA", "2001:db8:9::10"),
    Record("alias.lab.test", "CNAME", "server.lab.test."),
    Record("round.lab.test", "CNAME", "about.lab.test."),
    Record("about.lab.test", "CNAME", "round.lab.test."),
)
NO_DNS = "hosts: files mymachines [NOTFOUND=return] mdns4_minimal\n"


def resolved(
    servers: tuple[NameServer, ...],
    resolv_conf: str,
    *targets: tuple[str, Family | None],
    hosts_file: str = HOSTS_FILE,
    nsswitch_conf: str = "hosts: files dns\n",
) -> list[ResolveFact]:
    client = Host(
        "client",
        name_servers=servers,
        resolv_conf=resolv_conf,
        hosts_file=hosts_file,
        nsswitch_conf=nsswitch_conf,
    )
    own = (f"{FIRST}/24", f"{SECOND}/24", f"{THIRD}/24", f"{SIX}/64")
    ends = (End("client", "eth0", own), End("peer", "eth0", ("192.0.2.9/24",)))
    asked = [(Target(name, name, family=family),) for name, family in targets]
    with build(Network((client, Host("peer")), (Link(ends),))) as lab:
        return probed_apart(lab, "client", "resolve", asked)


def configured(*servers: str, more: str = "") -> str:
    return "".join(f"nameserver {server}\n" for server in servers) + more


def essence(answer: NameserverAnswer) -> tuple[Outcome, str, tuple[str, ...]]:
    return answer.outcome, answer.rcode, answer.addresses


def test_names_are_found_as_the_search_list_says() -> None:
    facts = resolved(
        (NameServer(ZONE, FIRST),),
        configured(FIRST, more="search lab.test\n"),
        ("server.lab.test", None),
        ("server", None),
        ("alias", 4),
        ("server.", None),
    )
    found, searched, alias, absolute = facts
    assert [fact.addresses for fact in facts] == [BOTH, BOTH, ("203.0.113.10",), ()]
    assert found.asked_names == ("server.lab.test", "server.lab.test.lab.test")
    assert searched.asked_names == ("server.lab.test", "server")
    assert absolute.asked_names == ("server",)
    assert essence(alias.nameservers[0]) == (Outcome.ANSWERED, "NOERROR", ("203.0.113.10",))


def test_a_denial_says_which() -> None:
    missing, other, loop = resolved(
        (NameServer(ZONE, SIX),),
        configured(SIX),
        ("nothing.lab.test", None),
        ("six.lab.test", 4),
        ("round.lab.test", 4),
    )
    assert essence(missing.nameservers[0]) == (Outcome.ANSWERED, "NXDOMAIN", ())
    assert missing.nameservers[0].denies
    assert missing.system_error.startswith("EAI_NONAME")
    assert (other.nameservers[0].rcode, other.nameservers[0].other_family) == ("NOERROR", True)
    assert (loop.outcome, loop.addresses) == (Outcome.ANSWERED, ())


def test_nameservers_that_fail_are_told_apart() -> None:
    servers = (
        NameServer(ZONE, FIRST, silent=("ANY",)),
        NameServer(ZONE, SECOND, rcode="SERVFAIL"),
        NameServer(ZONE, THIRD, truncated=True, tcp=False),
    )
    fact = resolved(servers, configured(FIRST, SECOND, THIRD), ("server.lab.test", None))[0]
    silent, failing, cut = fact.nameservers
    assert essence(silent) == (Outcome.SILENT, "", ())
    assert silent.detail.startswith("silent over UDP, but takes connections on TCP")
    assert essence(failing) == (Outcome.ANSWERED, "SERVFAIL", ())
    assert (cut.outcome, cut.rcode, "truncated" in cut.detail) == (Outcome.ANSWERED, "", True)
    assert fact.system_pending
    assert fact.outcome is Outcome.ANSWERED


def test_what_the_system_makes_of_nameservers_that_fail() -> None:
    """The system's own word for each, so that what is asked here means what programs meet."""
    manners = {
        "SERVFAIL": NameServer(ZONE, FIRST, rcode="SERVFAIL"),
        "REFUSED": NameServer(ZONE, FIRST, rcode="REFUSED"),
        "the answer is a referral to other nameservers": NameServer(
            ZONE, FIRST, answering=Answering.REFERRAL
        ),
    }
    for word, server in manners.items():
        fact = resolved((server,), configured(FIRST), ("server.lab.test", None))[0]
        assert [answer.word for answer in fact.nameservers] == [word]
        assert all(answer.fails for answer in fact.nameservers)
        assert (fact.system_error[:9], fact.outcome) == ("EAI_AGAIN", Outcome.ANSWERED)


def test_the_system_goes_on_to_the_next_where_one_fails() -> None:
    second = NameServer(ZONE, SECOND)
    for first in (
        NameServer(ZONE, FIRST, rcode="REFUSED"),
        NameServer(ZONE, FIRST, answering=Answering.REFERRAL),
        NameServer(ZONE, FIRST, truncated=True, tcp=False),
    ):
        conf = configured(FIRST, SECOND)
        found, gone = resolved(
            (first, second), conf, ("server.lab.test", None), ("gone.lab.test", 4)
        )
        assert found.addresses == BOTH
        assert found.nameservers[0].fails
        assert gone.system_error.startswith("EAI_NONAME")


def test_a_kind_of_question_that_fails_leaves_the_other() -> None:
    server = NameServer(ZONE, FIRST, failing=("A",))
    fact = resolved((server,), configured(FIRST), ("server.lab.test", None))[0]
    assert fact.addresses == BOTH[:1]
    assert fact.nameservers[0].failed == ("A",)


def test_tcp_only_asks_over_tcp_only() -> None:
    conf = configured(FIRST, more="options use-vc\n")
    name = ("server.lab.test", None)
    found = resolved((NameServer(ZONE, FIRST),), conf, name)[0]
    assert (found.addresses, essence(found.nameservers[0])[2]) == (BOTH, BOTH)
    dead = resolved((NameServer(ZONE, FIRST, tcp=False),), conf, name)[0]
    assert [answer.outcome for answer in dead.nameservers] == [Outcome.REFUSED]
    assert dead.system_error.startswith("EAI_AGAIN")


def test_an_old_server_that_takes_edns_for_an_error() -> None:
    old = NameServer(ZONE, FIRST, edns=False)
    conf = configured(FIRST, more="options edns0\n")
    fact = resolved((old,), conf, ("server.lab.test", None))[0]
    assert (fact.nameservers[0].rcode, fact.addresses) == ("FORMERR", ())


def test_a_long_answer_comes_over_tcp_and_a_dropped_question_is_named() -> None:
    servers = (
        NameServer(ZONE, FIRST, truncated=True),
        NameServer(ZONE, SECOND, silent=("AAAA",)),
    )
    fact = resolved(servers, configured(FIRST, SECOND), ("server.lab.test", None))[0]
    assert essence(fact.nameservers[0]) == (Outcome.ANSWERED, "NOERROR", BOTH)
    assert essence(fact.nameservers[1]) == (Outcome.ANSWERED, "NOERROR", BOTH[1:])
    assert fact.nameservers[1].unanswered == ("AAAA",)


def test_nameservers_that_are_not_there() -> None:
    conf = configured(FIRST, "198.51.100.1", "fe80::1%none")
    fact = resolved((), conf, ("server.lab.test", None))[0]
    outcomes = [(answer.outcome, answer.detail) for answer in fact.nameservers]
    assert outcomes == [
        (Outcome.REFUSED, "ECONNREFUSED"),
        (Outcome.UNREACHABLE, "ENETUNREACH"),
        (Outcome.UNREACHABLE, "ENODEV"),
    ]
    assert fact.outcome is Outcome.REFUSED


def test_without_a_nameserver_the_default_is_asked() -> None:
    fact = resolved((), "", ("server.lab.test", None))[0]
    assert fact.defaulted
    assert [answer.server for answer in fact.nameservers] == ["127.0.0.1"]
    assert fact.nameservers[0].outcome is Outcome.REFUSED


def test_the_hosts_file_goes_first_and_dns_is_asked_all_the_same() -> None:
    lines = f"{HOSTS_FILE}203.0.113.99 other SERVER.lab.test # old\n"
    fact = resolved(
        (NameServer(ZONE, FIRST),), configured(FIRST), ("server.lab.test", 4), hosts_file=lines
    )[0]
    assert fact.addresses == ("203.0.113.99",)
    assert [(entry.address, entry.line) for entry in fact.hosts] == [("203.0.113.99", 3)]
    assert fact.nameservers[0].addresses == ("203.0.113.10",)


def test_a_system_that_does_not_ask_dns_finds_nothing() -> None:
    servers = (NameServer(ZONE, FIRST),)
    name = ("server.lab.test", None)
    fact = resolved(servers, configured(FIRST), name, nsswitch_conf=NO_DNS)[0]
    assert fact.addresses == ()
    assert fact.sources == ("files", "mymachines", "mdns4_minimal")
    assert fact.nameservers[0].addresses == BOTH


def test_localhost_and_addresses_are_nobodys_business() -> None:
    local, literal, wrong = resolved(
        (), configured(FIRST), ("localhost", 4), ("192.0.2.7", None), ("::1", 4)
    )
    assert (local.addresses, local.nameservers) == (("127.0.0.1",), ())
    assert literal.addresses == ("192.0.2.7",)
    assert (wrong.addresses, wrong.system_error) == ((), "the address is not an IPv4 address")
