"""Which rule or route is to blame for the kernel's errno."""

import errno
from ipaddress import ip_address, ip_network

import pytest

from layerwalk.probes.facts import RouteKind
from layerwalk.probes.policy import Packet, RefusingRoute, Rule, culprit

LOCAL, MAIN = Rule(priority=0, table=255), Rule(priority=32766, table=254)
PACKET = Packet(destination=ip_address("198.51.100.9"), source=ip_address("192.0.2.1"))


def refusing(prefix: str, kind: RouteKind | None, table: int = 254) -> RefusingRoute:
    return RefusingRoute(table=table, destination=ip_network(prefix), kind=kind, text=prefix)


def test_the_longest_refusing_route_is_to_blame() -> None:
    wide = refusing("198.51.100.0/24", RouteKind.BLACKHOLE)
    narrow = refusing("198.51.100.0/28", RouteKind.BLACKHOLE)
    assert culprit(errno.EINVAL, PACKET, [MAIN, LOCAL], [wide, narrow]) is narrow


def test_a_throw_route_leads_to_the_next_rule() -> None:
    routes = [
        refusing("198.51.100.0/24", RouteKind.PROHIBIT),
        refusing("198.51.100.0/28", None),
        refusing("0.0.0.0/0", RouteKind.PROHIBIT, table=7),
    ]
    rules = [LOCAL, MAIN, Rule(priority=40000, table=7)]
    assert culprit(errno.EACCES, PACKET, rules, routes) is routes[2]


def test_a_route_in_a_table_that_is_not_asked_is_not_to_blame() -> None:
    only_lab = Rule(priority=5, table=7, destination=ip_network("203.0.113.0/24"))
    route = refusing("0.0.0.0/0", RouteKind.BLACKHOLE, table=7)
    assert culprit(errno.EINVAL, PACKET, [LOCAL, only_lab, MAIN], [route]) is None


@pytest.mark.parametrize(
    "rule",
    [
        Rule(priority=1, refusal=RouteKind.PROHIBIT, incoming="eth0"),
        Rule(priority=1, refusal=RouteKind.PROHIBIT, outgoing="eth0"),
        Rule(priority=1, refusal=RouteKind.PROHIBIT, mark=1, mask=0xFF),
        Rule(priority=1, refusal=RouteKind.PROHIBIT, source=ip_network("192.0.2.128/25")),
        Rule(priority=1, refusal=RouteKind.PROHIBIT, inverted=True),
        Rule(priority=1, refusal=RouteKind.PROHIBIT, undecided=True),
        Rule(priority=1, refusal=RouteKind.BLACKHOLE),
    ],
)
def test_a_rule_for_others_is_not_to_blame(rule: Rule) -> None:
    assert culprit(errno.EACCES, PACKET, [LOCAL, rule, MAIN], []) is None


def test_an_unchosen_source_fits_no_rule_about_sources() -> None:
    rule = Rule(priority=1, refusal=RouteKind.PROHIBIT, source=ip_network("192.0.2.0/24"))
    unchosen = Packet(destination=PACKET.destination)
    assert culprit(errno.EACCES, unchosen, [rule], []) is None
    assert culprit(errno.EACCES, PACKET, [rule], []) is rule


def test_a_rule_is_written_as_ip_does() -> None:
    rule = Rule(
        priority=9,
        source=ip_network("192.0.2.0/24"),
        mark=1,
        mask=0xFF,
        outgoing="eth0",
        table=254,
        inverted=True,
    )
    assert rule.text == "9: not from 192.0.2.0/24 fwmark 0x1/0xff oif eth0 lookup main"
