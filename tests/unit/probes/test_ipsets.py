"""Sets of ipset, as ``ipset save`` prints them, and the rules of iptables that look them up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.firewall.course import passages
from layerwalk.probes.firewall.handshakes import Circumstances
from layerwalk.probes.firewall.ipsets import ipsets_of
from layerwalk.probes.firewall.iptables import ruleset_of_save
from layerwalk.probes.firewall.packet import Endpoints
from layerwalk.probes.firewall.ruleset import Ruleset

ENDS = Endpoints(
    source="192.0.2.1", source_port=40000, destination="198.51.100.9", destination_port=5432
)
SAVED = """\
create hosts hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x5ebc
add hosts 198.51.100.9
create nets hash:net family inet hashsize 1024 maxelem 65536 timeout 300
add nets 198.51.100.0/24 timeout 299
add nets 198.51.100.9 timeout 299 nomatch
create wide hash:net family inet hashsize 1024 maxelem 65536
add wide 198.51.100.0/24
create pairs hash:ip,port family inet hashsize 1024 maxelem 65536 comment
add pairs 198.51.100.9,tcp:5432 comment "the base: all of it"
add pairs 198.51.100.9,udp:22
create ways hash:net,iface family inet hashsize 1024 maxelem 65536
add ways 198.51.100.0/24,eth0
create ports bitmap:port range 0-65535
add ports 5432
create six hash:ip family inet6 hashsize 1024 maxelem 65536
add six 2001:db8::1
create all list:set size 8
add all six
add all hosts
create none hash:ip family inet
"""


def through(words: str, saved: str = SAVED) -> bool | None:
    read = ruleset_of_save(f"*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT {words} -j DROP\n", "ip")
    ruleset = Ruleset(chains=read.chains, ipsets=ipsets_of(saved))
    first = next(iter(passages(ruleset, ENDS, Circumstances(interface="eth0"))))
    return first.gets_through


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--match-set hosts dst", False),
        ("--match-set hosts src", True),
        ("! --match-set hosts dst", True),
        ("! --match-set hosts src", False),
        ("--match-set wide dst", False),
        ("--match-set nets dst", None),  # the exception counts, which no order tells
        ("--match-set pairs dst,dst", False),
        ("--match-set pairs dst,src", True),
        ("--match-set ways dst,dst", False),
        ("--match-set ways dst,src", True),
        ("--match-set ports dst", False),
        ("--match-set six dst", True),
        ("--match-set all dst", False),
        ("--match-set none dst", True),
        ("--match-set unheard-of dst", None),
        ("--match-set pairs dst", None),
    ],
)
def test_a_set_is_looked_up(words: str, expected: bool | None) -> None:  # noqa: FBT001
    assert through(f"-m set {words}") is expected


def test_a_set_that_a_rule_adds_to_is_not_known_any_more() -> None:
    read = ruleset_of_save(
        "*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j SET --add-set none dst\n"
        "-A OUTPUT -m set --match-set none dst -j DROP\n",
        "ip",
    )
    ruleset = Ruleset(chains=read.chains, ipsets=ipsets_of(SAVED))
    first = next(iter(passages(ruleset, ENDS, Circumstances(interface="eth0"))))
    assert first.gets_through is None


@given(st.text())
def test_no_text_trips_it(text: str) -> None:
    assert isinstance(dict(ipsets_of(SAVED + text)), dict)
