"""Firewall rules, read by us and applied by the real kernel."""

import json
import sys
from collections.abc import Iterator

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.spec import End, Host, Link, Network
from layerwalk.probes.facts import Certainty, Outcome
from tests.lab.probed import probed, probed_apart

pytestmark = pytest.mark.netns

NETWORK = Network(
    hosts=(Host("client"), Host("peer")),
    links=(
        Link(
            ends=(
                End("client", "eth0", ("192.0.2.1/24", "2001:db8::1/64")),
                End("peer", "eth0", ("192.0.2.2/24", "2001:db8::2/64")),
            )
        ),
    ),
)
RULES = """
ip daddr 192.0.2.0/24
ip6 daddr != 2001:db8::/64
ip daddr @named
ip daddr . tcp dport @pairs
tcp dport { 22, 5000-6000 }
tcp dport != 22-80
tcp dport < 5432
tcp sport 1-65535
udp dport != 1
meta l4proto { tcp, udp }
meta nfproto ipv6
oifname "eth*"
oif != eth0
iifname != "lo"
meta mark & 0xff == 0
ct state new
ct state established,related
ct state { invalid, new }
tcp flags & (fin | syn | rst | ack) == syn
tcp flags { syn, ack }
tcp flags ! ack
ip saddr 192.0.2.1 ip daddr 192.0.2.2 tcp dport 5432 ct state new
fib daddr type local
limit rate 1/hour
tcp sport 40000
ip ttl 64
meta mark set 5 meta mark 0
"""
# Only our own packets come to the rule that is tried: IPv6 has much to say by itself.
TABLE = """
flush ruleset
table inet t {
  set named { type ipv4_addr; flags interval; elements = { 192.0.2.0-192.0.2.9 }; }
  set pairs { type ipv4_addr . inet_service; elements = { 192.0.2.2 . 5432 }; }
  chain tried { RULE counter drop; }
  chain output {
    type filter hook output priority 0; policy accept;
    tcp dport 5432 jump tried
  }
}
"""
CONNECT = """
import socket, sys
from contextlib import closing
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with closing(socket.socket(family)) as sock:
    sock.setblocking(False)
    sock.connect_ex((sys.argv[1], 5432))
"""
ENDS = {4: ("192.0.2.2", "192.0.2.1"), 6: ("2001:db8::2", "2001:db8::1")}


def counted(lab: Lab) -> int:
    listed = lab.run("client", ["nft", "-j", "list", "chain", "inet", "t", "tried"])
    rules = [it["rule"] for it in json.loads(listed.stdout)["nftables"] if "rule" in it]
    counters = [it["counter"]["packets"] for it in rules[0]["expr"] if "counter" in it]
    return int(counters[0])


def loaded(lab: Lab, ruleset: str) -> None:
    done = lab.run("client", ["nft", "-f", "-"], input=ruleset)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with build(NETWORK) as standing:
        yield standing


@pytest.fixture
def open_lab(lab: Lab) -> Iterator[Lab]:
    yield lab
    loaded(lab, "flush ruleset")


@pytest.mark.parametrize("rule", RULES.strip().splitlines())
@pytest.mark.parametrize("family", [4, 6])
def test_a_rule_is_read_as_the_kernel_reads_it(open_lab: Lab, rule: str, family: int) -> None:
    loaded(open_lab, TABLE.replace("RULE", rule))
    address, source = ENDS[family]
    open_lab.run("client", [sys.executable, "-c", CONNECT, address])
    dropped = counted(open_lab) > 0
    fact = probed(open_lab, "client", "firewall", [(address, 5432, source, "eth0")])[0]
    out = [match for match in fact.matches if match.direction == "out"]
    assert (fact.outcome, fact.rules) == (Outcome.ANSWERED, 2)
    if any(match.certainty is Certainty.EXACT for match in out):
        assert dropped
        assert (out[0].verdict, out[0].table, out[0].chain) == ("drop", "inet t", "tried")
        assert out[0].text.endswith("counter drop")
        assert not fact.undecided
    elif out:
        assert fact.undecided == (out[0].text,)
    else:
        assert not dropped


def test_an_empty_rule_set_refuses_nothing(open_lab: Lab) -> None:
    fact = probed(open_lab, "client", "firewall", [("192.0.2.2", 5432, "192.0.2.1", "eth0")])[0]
    assert (fact.outcome, fact.rules, fact.matches) == (Outcome.ANSWERED, 0, ())


def test_the_answer_is_followed_inwards(open_lab: Lab) -> None:
    loaded(
        open_lab,
        """table ip6 guard { chain in {
          type filter hook input priority 0; policy drop;
          ct state established tcp sport 5432 reject with tcp reset
        }\n}""",
    )
    call = ("2001:db8::2", 5432, "2001:db8::1", "eth0")
    other = ("2001:db8::2", 80, "2001:db8::1", "eth0")
    fourth = ("192.0.2.2", 5432, "192.0.2.1", "eth0")
    first, second, third = probed(open_lab, "client", "firewall", [call, other, fourth])
    assert [(m.direction, m.verdict) for m in first.matches] == [("in", "reject with tcp reset")]
    assert second.matches[0].text == "table ip6 guard chain in policy drop"
    assert third.matches == ()


def test_without_the_rights_it_says_so(open_lab: Lab) -> None:
    unable = ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"]
    call = ("192.0.2.2", 5432, "192.0.2.1", "eth0")
    fact = probed_apart(open_lab, "client", "firewall", [call], unable)[0]
    assert fact.outcome is Outcome.NOT_PERMITTED
    assert "not permitted" in fact.detail


@pytest.mark.parametrize("flavour", ["nft", "legacy"])
@pytest.mark.parametrize("family", [4, 6])
def test_the_rules_of_iptables_are_read(open_lab: Lab, flavour: str, family: int) -> None:
    tool = f"{'ip6' if family == 6 else 'ip'}tables-{flavour}"
    words = "OUTPUT -p tcp -m conntrack --ctstate NEW -m multiport --dports 22,5432 -j REJECT"
    if open_lab.run("client", ["sh", "-c", f"{tool} -A {words}"]).returncode:
        pytest.skip(f"{tool} is not installed, or this kernel has no room for it")
    address, source = ENDS[family]
    try:
        found = probed(open_lab, "client", "firewall", [(address, 5432, source, "eth0")])[0]
        other = probed(open_lab, "client", "firewall", [(address, 443, source, "eth0")])[0]
    finally:
        open_lab.run("client", [tool, "-F"])
    assert [(m.direction, m.certainty) for m in found.matches] == [("out", Certainty.EXACT)]
    assert found.matches[0].verdict.startswith("reject")
    assert other.matches == ()
