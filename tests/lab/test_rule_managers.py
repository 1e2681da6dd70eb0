"""Rules as the programs that keep them write them, read from a real kernel, several at once."""

from collections.abc import Iterator

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.probes.facts import Certainty, FirewallFact, Outcome
from tests.lab.probed import probed
from tests.lab.test_local_rules import ENDS, NETWORK, loaded

pytestmark = pytest.mark.netns

CLIENT = {4: "192.0.2.2", 6: "2001:db8::2"}
UFW_IN = """*filter
:INPUT DROP [0:0]
:OUTPUT ACCEPT [0:0]
:{own}-before-input - [0:0]
:{own}-user-input - [0:0]
-A INPUT -j {own}-before-input
-A {own}-before-input -i lo -j ACCEPT
-A {own}-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A {own}-before-input -m conntrack --ctstate INVALID -j DROP
-A {own}-before-input -j {own}-user-input
-A {own}-user-input -p tcp -m tcp --dport 22 -j ACCEPT
-A {own}-user-input -p tcp -m multiport --dports 5432,5433 -m comment --comment "-j x" -j DROP
COMMIT
"""
BANS = """*filter
:INPUT ACCEPT [0:0]
:f2b-database - [0:0]
-A INPUT -p tcp -m multiport --dports 5432 -j f2b-database
-A f2b-database -s {client} -j REJECT
-A f2b-database -j RETURN
COMMIT
"""
PUBLISHED = """*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER -p tcp -m tcp --dport 5432 -j DNAT --to-destination {inside}
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A DOCKER-USER {words} -j DROP
-A FORWARD -j ACCEPT
COMMIT
"""
INSIDE = {4: "198.51.100.20:5432", 6: "[2001:db8:9::20]:5432"}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with build(NETWORK) as standing:
        yield standing


@pytest.fixture
def clean(lab: Lab) -> Iterator[Lab]:
    yield lab
    loaded(lab, "flush ruleset")
    for tool in ("iptables-legacy", "ip6tables-legacy"):
        for table in ("filter", "nat", "raw"):
            script = f"{tool} -t {table} -F; {tool} -t {table} -X; {tool} -P INPUT ACCEPT"
            lab.run("client", ["sh", "-c", f"{{ {script}; {tool} -P FORWARD ACCEPT; }} 2>&1"])


def restored(lab: Lab, flavour: str, family: int, text: str) -> None:
    tool = f"{'ip6' if family == 6 else 'ip'}tables-{flavour}-restore"
    done = lab.run("client", ["sh", "-c", tool], input=text)
    if done.returncode:
        pytest.skip(f"{tool} is not installed, or this kernel has no room for it: {done.stderr}")


def met(lab: Lab, family: int, port: int = 5432, client: str | None = None) -> FirewallFact:
    named = CLIENT[family] if client is None else client
    call = (ENDS[family][1], port, named, "eth0")
    fact: FirewallFact = probed(lab, "client", "firewall", [call], function="inbound")[0]
    assert fact.outcome is Outcome.ANSWERED
    return fact


@pytest.mark.parametrize("flavour", ["nft", "legacy"])
@pytest.mark.parametrize("family", [4, 6])
def test_a_rule_of_ufw_is_named_with_its_owner(clean: Lab, flavour: str, family: int) -> None:
    own = "ufw" if family == 4 else "ufw6"
    restored(clean, flavour, family, UFW_IN.format(own=own))
    found = met(clean, family).matches
    assert [(it.direction, it.verdict, it.certainty) for it in found] == [
        ("in", "drop", Certainty.EXACT)
    ]
    assert (found[0].owner, found[0].chain) == ("ufw", f"{own}-user-input")
    assert found[0].text.startswith(f"-A {own}-user-input -p tcp -m multiport")
    assert found[0].packets == 0
    assert met(clean, family, 22).matches == ()
    policy = met(clean, family, 80, client="").matches
    assert [(it.certainty, it.owner) for it in policy] == [(Certainty.EXACT, "ufw")]
    assert policy[0].text.endswith("chain INPUT policy drop")


@pytest.mark.parametrize("flavour", ["nft", "legacy"])
@pytest.mark.parametrize("family", [4, 6])
def test_a_ban_meets_those_who_are_banned(clean: Lab, flavour: str, family: int) -> None:
    restored(clean, flavour, family, BANS.format(client=CLIENT[family]))
    assert [(it.owner, it.certainty) for it in met(clean, family).matches] == [
        ("fail2ban", Certainty.EXACT)
    ]
    anybody = met(clean, family, client="").matches
    assert [it.certainty for it in anybody] == [Certainty.POSSIBLE]
    other = {4: "192.0.2.77", 6: "2001:db8::77"}[family]
    assert met(clean, family, client=other).matches == ()


@pytest.mark.parametrize("flavour", ["nft", "legacy"])
@pytest.mark.parametrize("family", [4, 6])
def test_a_published_port_is_forwarded(clean: Lab, flavour: str, family: int) -> None:
    """What goes to a container meets no input rule, and the user's chain for forwarded packets."""
    words = f"-s {CLIENT[family]}"
    restored(clean, flavour, family, PUBLISHED.format(inside=INSIDE[family], words=words))
    found = met(clean, family).matches
    assert [(it.owner, it.chain) for it in found] == [("Docker", "DOCKER-USER")]
    other = {4: "192.0.2.77", 6: "2001:db8::77"}[family]
    assert met(clean, family, client=other).matches == ()


def test_several_that_keep_rules_are_all_read(clean: Lab) -> None:
    loaded(
        clean,
        """
        table inet filter { chain input {
          type filter hook input priority 5; tcp dport 5432 counter drop
        }\n}
        table inet asleep { flags dormant; chain input {
          type filter hook input priority -5; drop
        }\n}
        table netdev wire { chain other {
          type filter hook ingress device "lo" priority 0; drop
        }\n}
        """,
    )
    assert [it.table for it in met(clean, 4).matches] == ["inet filter"]
    restored(
        clean,
        "nft",
        4,
        "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m length --length 1:2 -j DROP\nCOMMIT\n",
    )
    possible = [(it.table, it.certainty) for it in met(clean, 4).matches]
    assert possible == [
        ("ip filter", Certainty.POSSIBLE),
        ("inet filter", Certainty.POSSIBLE),
    ]
    restored(
        clean, "legacy", 4, "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -j DROP\nCOMMIT\n"
    )
    assert [it.table for it in met(clean, 4).matches] == ["ip raw (legacy)"]
    assert [it.table for it in met(clean, 6).matches] == ["inet filter"]


def test_an_element_that_has_expired_is_none(clean: Lab) -> None:
    loaded(
        clean,
        """table inet filter {
          set banned { type ipv4_addr; flags timeout; elements = { 192.0.2.2 timeout 1ms }; }
          chain input { type filter hook input priority 0; ip saddr @banned drop; }
        }""",
    )
    assert met(clean, 4).matches == ()
