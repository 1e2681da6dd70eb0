"""Links and routes as the real kernel has them."""

from collections.abc import Iterator

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.spec import End, Host, Link, Network
from layerwalk.probes.facts import LinksFact, Outcome, RouteFact, RouteKind
from tests.lab.probed import probed

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
        Link(ends=(End("client", "eth1", ("192.0.2.129/25",), up=False), End("peer", "eth1"))),
        Link(ends=(End("client", "eth2", mtu=1400, carrier=False), End("peer", "eth2", mtu=1400))),
    ),
)
V4 = """
route add default via 192.0.2.254 mtu 1300
route add blackhole 198.51.100.0/26
route add unreachable 198.51.100.64/26
route add prohibit 198.51.100.128/26
route add throw 198.51.100.192/26
route add prohibit 198.51.100.192/26 table 77
rule add to 198.51.100.192/26 lookup 77 pref 40000
route add 203.0.113.0/26 via inet6 fe80::99 dev eth0
route add 203.0.113.64/26 nexthop via 192.0.2.2 nexthop via 192.0.2.3
rule add to 203.0.113.128/30 blackhole pref 100
rule add to 203.0.113.132/30 prohibit pref 101
rule add to 203.0.113.136/30 unreachable pref 102
rule add from 192.0.2.1 to 203.0.113.140/30 prohibit pref 103
rule add pref 104 to 203.0.113.144/30 goto 106
rule add pref 105 to 203.0.113.144/30 blackhole
rule add pref 106 to 203.0.113.144/30 prohibit
rule add not to 128.0.0.0/1 blackhole pref 107
"""
V6 = """
route add blackhole 2001:db8:1::/48
route add unreachable 2001:db8:2::/48
route add prohibit 2001:db8:3::/48
rule add to 2001:db8:4::/48 blackhole pref 100
rule add to 2001:db8:5::/48 prohibit pref 101
rule add to 2001:db8:6::/48 unreachable pref 102
route add 2001:db8:7::/48 via 2001:db8::fe table 9
rule add from 2001:db8::1 lookup 9 pref 103
"""
PASSING = {
    "192.0.2.9": ("eth0", "", "192.0.2.1", RouteKind.UNICAST),
    "198.18.0.1": ("eth0", "192.0.2.254", "192.0.2.1", RouteKind.UNICAST),
    "203.0.113.1": ("eth0", "fe80::99", "192.0.2.1", RouteKind.UNICAST),
    "192.0.2.1": ("lo", "", "192.0.2.1", RouteKind.LOCAL),
    "127.0.0.1": ("lo", "", "127.0.0.1", RouteKind.LOCAL),
    "192.0.2.255": ("eth0", "", "192.0.2.1", RouteKind.BROADCAST),
    "2001:db8::9": ("eth0", "", "2001:db8::1", RouteKind.UNICAST),
    "2001:db8:7::1": ("eth0", "2001:db8::fe", "2001:db8::1", RouteKind.UNICAST),
    "::1": ("lo", "", "::1", RouteKind.LOCAL),
}
REFUSED = {
    "198.51.100.1": (RouteKind.BLACKHOLE, "EINVAL", "blackhole 198.51.100.0/26"),
    "198.51.100.65": (RouteKind.UNREACHABLE, "EHOSTUNREACH", "unreachable 198.51.100.64/26"),
    "198.51.100.129": (RouteKind.PROHIBIT, "EACCES", "prohibit 198.51.100.128/26"),
    "198.51.100.193": (RouteKind.PROHIBIT, "EACCES", "prohibit 198.51.100.192/26 table 77"),
    "203.0.113.129": (
        RouteKind.BLACKHOLE,
        "EINVAL",
        "100: from all to 203.0.113.128/30 blackhole",
    ),
    "203.0.113.133": (RouteKind.PROHIBIT, "EACCES", "101: from all to 203.0.113.132/30 prohibit"),
    "203.0.113.137": (
        RouteKind.UNREACHABLE,
        "ENETUNREACH",
        "102: from all to 203.0.113.136/30 unreachable",
    ),
    "203.0.113.141": (
        RouteKind.PROHIBIT,
        "EACCES",
        "103: from 192.0.2.1/32 to 203.0.113.140/30 prohibit",
    ),
    "203.0.113.145": (RouteKind.PROHIBIT, "EACCES", "106: from all to 203.0.113.144/30 prohibit"),
    "126.0.0.1": (RouteKind.BLACKHOLE, "EINVAL", "107: not from all to 128.0.0.0/1 blackhole"),
    "2001:db8:1::1": (
        RouteKind.BLACKHOLE,
        "EINVAL",
        "blackhole 2001:db8:1::/48 dev lo metric 1024",
    ),
    "2001:db8:2::1": (
        RouteKind.UNREACHABLE,
        "EHOSTUNREACH",
        "unreachable 2001:db8:2::/48 dev lo metric 1024",
    ),
    "2001:db8:3::1": (
        RouteKind.PROHIBIT,
        "EACCES",
        "prohibit 2001:db8:3::/48 dev lo metric 1024",
    ),
    "2001:db8:4::1": (RouteKind.BLACKHOLE, "EINVAL", "100: from all to 2001:db8:4::/48 blackhole"),
    "2001:db8:5::1": (RouteKind.PROHIBIT, "EACCES", "101: from all to 2001:db8:5::/48 prohibit"),
    "2001:db8:6::1": (
        RouteKind.UNREACHABLE,
        "ENETUNREACH",
        "102: from all to 2001:db8:6::/48 unreachable",
    ),
}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with build(NETWORK) as standing:
        for lines, family in ((V4, "-4"), (V6, "-6")):
            done = standing.run("client", ["ip", family, "-batch", "-"], input=lines)
            assert done.returncode == 0, done.stderr
        yield standing


def routes(lab: Lab, *destinations: str) -> dict[str, RouteFact]:
    found = probed(lab, "client", "route", [(destination,) for destination in destinations])
    return dict(zip(destinations, found, strict=True))


def test_every_interface_is_told_with_its_state_and_addresses(lab: Lab) -> None:
    assert lab.run("client", ["sysctl", "-qw", "net.ipv4.conf.eth2.rp_filter=2"]).returncode == 0
    fact: LinksFact = probed(lab, "client", "links", [()])[0]
    assert fact.outcome is Outcome.ANSWERED
    lo, eth0, eth1, eth2 = (fact.named(name) for name in ("lo", "eth0", "eth1", "eth2"))
    assert lo is not None
    assert eth0 is not None
    assert eth1 is not None
    assert eth2 is not None
    assert (lo.loopback, lo.resolves_neighbours) == (True, False)
    assert {"192.0.2.1/24", "2001:db8::1/64"} <= set(eth0.addresses)
    assert (eth0.up, eth0.carrier, eth0.kind) == (True, True, "veth")
    assert eth0.resolves_neighbours
    assert (eth1.up, eth1.carrier, eth1.addresses) == (False, None, ("192.0.2.129/25",))
    assert (eth2.up, eth2.carrier, eth2.mtu, eth2.rp_filter) == (True, False, 1400, 2)


def test_a_route_that_passes_is_the_kernels(lab: Lab) -> None:
    for destination, fact in routes(lab, *PASSING).items():
        seen = (fact.interface, fact.gateway, fact.source, fact.kind)
        assert (destination, fact.outcome) == (destination, Outcome.ANSWERED)
        assert (destination, seen) == (destination, PASSING[destination])


def test_what_the_table_says_of_a_route_is_told(lab: Lab) -> None:
    found = routes(lab, "198.18.0.1", "203.0.113.65", "192.0.2.1")
    assert found["198.18.0.1"].mtu == 1300
    assert found["198.18.0.1"].route == "default via 192.0.2.254 dev eth0"
    assert found["203.0.113.65"].gateway in {"192.0.2.2", "192.0.2.3"}
    assert (found["192.0.2.1"].table, found["198.18.0.1"].table) == (255, 254)


def test_a_refusal_names_the_rule_or_route(lab: Lab) -> None:
    for destination, fact in routes(lab, *REFUSED).items():
        seen = (fact.kind, fact.errno, fact.rule or fact.route)
        assert (destination, fact.outcome) == (destination, Outcome.REJECTED)
        assert (destination, seen) == (destination, REFUSED[destination])


def test_no_route_and_no_interface_are_unreachable(lab: Lab) -> None:
    expected = {"2001:db8:8::1": "ENETUNREACH", "fe80::1%none": "ENODEV", "fe80::1": "EINVAL"}
    for destination, fact in routes(lab, *expected).items():
        assert (fact.outcome, fact.kind) == (Outcome.UNREACHABLE, RouteKind.NONE)
        assert fact.errno == expected[destination]


def test_a_scope_chooses_the_interface(lab: Lab) -> None:
    assert routes(lab, "fe80::99%eth0")["fe80::99%eth0"].interface == "eth0"


def test_words_that_are_no_address_fail(lab: Lab) -> None:
    assert routes(lab, "nowhere")["nowhere"].outcome is Outcome.FAILED
