"""Two ways out, and packets that must all leave by the one that mark or source choose."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Shape, written
from layerwalk.lab.spec import FAMILIES, Family, Manner, Service
from layerwalk.lab.uplinks import by_the_second, second_address, two_uplinks, with_second_table
from layerwalk.probes.connect import connect
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import UDP_PORT
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import Outcome, RouteFact
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.route import route
from layerwalk.probes.syn import FIRST, syn
from layerwalk.probes.wire.opening import open_wire
from layerwalk.probes.wire.packets import Peer
from tests.lab.counted import passing
from tests.lab.ordinary import NOBODY
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

SHAPE = Shape(1, 0)
MARK = 0x5
By = Callable[[Family], tuple[str, Origin]]

WAYS: dict[str, By] = {
    "mark": lambda _family: (f"fwmark {MARK:#x}", Origin(mark=MARK)),
    "address": lambda it: (f"from {second_address(it)}", Origin(address=second_address(it))),
    "interface": lambda _family: ("oif eth1", Origin(interface="eth1")),
}


@contextmanager
def leaving(family: Family, by: By, *, raw: bool) -> Iterator[tuple[Lab, ProbeContext]]:
    """Stand on the client, where what is selected goes by the second way."""
    selector, origin = by(family)
    network = with_second_table(two_uplinks(SHAPE), selector, by_the_second(family))
    with build(network) as lab, lab.inside("client"):
        wire = open_wire(raw=raw, origin=origin)
        assert wire.means.raw is raw
        with closing(wire):
            yield lab, ProbeContext(wire=wire, origin=origin)


def peer_of(found: RouteFact) -> Peer:
    return Peer(found.destination, found.source, found.interface)


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "kernel"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("by", WAYS.values(), ids=WAYS.keys())
def test_nothing_leaves_by_the_other_way(by: By, family: Family, raw: bool) -> None:  # noqa: FBT001
    with leaving(family, by, raw=raw) as (lab, ctx):
        server = lab.network.address("server", family)
        with passing(lab, "r1", server) as others, passing(lab, "side", server) as ours:
            found = route(server, ctx)
            peer = peer_of(found)
            facts = [echo(peer, ctx), syn(peer, 5432, FIRST, ctx), connect(peer, 5432, ctx)]
        # A ping command might leave the mark out.
        echoes = raw or not ctx.origin.mark
        first = Outcome.ANSWERED if echoes else Outcome.NOT_PERMITTED
        assert [fact.outcome for fact in facts] == [first, Outcome.ANSWERED, Outcome.ANSWERED]
        assert (others(), found.interface) == (0, "eth1")
        assert ours() >= 6  # the resets of what was half open are among them


@dataclass(frozen=True)
class Asked:
    """A whole walk that is to go by the second way: its options, and what they select."""

    selector: str
    args: tuple[str, ...]
    user: int = 0


def whole_walks(family: Family) -> dict[str, Asked]:
    address = second_address(family)
    sourced = Asked(f"from {address}", ("--source", address))
    bound = Asked("oif eth1", ("--source", "eth1"))
    return {
        "mark": Asked(f"fwmark {MARK}", ("--mark", hex(MARK))),
        "address": sourced,
        "interface": bound,
        "address, no rights": replace(sourced, args=(*sourced.args, "--unprivileged")),
        "interface, no rights": replace(bound, args=(*bound.args, "--unprivileged")),
        "interface, an ordinary user": replace(bound, user=NOBODY),
    }


@pytest.mark.parametrize("way", whole_walks(4))
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("rule", ["drop", "accept"])
def test_a_whole_walk_leaves_by_its_way_alone(
    way: str, family: Family, rule: str, walker: Walker
) -> None:
    """Nothing of it is seen on the other one, whatever its probes look for."""
    asked = whole_walks(family)[way]
    network = with_second_table(two_uplinks(SHAPE), asked.selector, by_the_second(family))
    talks = Service(UDP_PORT, Manner.ECHO, udp=True)  # its answers are for nobody here
    network = network.with_host(
        "server",
        firewall=ruleset(input=[f"tcp dport 5432 {rule}"]),
        services=(*network.host("server").services, talks),
    )
    server = network.address("server", family)
    with build(network) as lab, passing(lab, "r1", server) as others:
        target = written(server, SHAPE)
        walked = walker.walk(lab, "client", *asked.args, target, user=asked.user)
        assert others() == 0
    outcome = {"drop": ("firewall-drop", 1), "accept": (None, 0)}[rule]
    assert (walked.first.get("id"), walked.status) == outcome
    told = walked.report["origin"]
    assert {told["address"] or told["interface"] or hex(told["mark"])} == {asked.args[1]}


def test_raw_packets_go_where_connections_go(walker: Walker) -> None:
    """Of IPv4 connect() looks for a route again, with the source that the first look-up chose."""
    server = "203.0.113.10"
    network = with_second_table(two_uplinks(SHAPE), "from 198.51.100.10", by_the_second(4))
    with build(network) as lab, passing(lab, "r1", server) as others:
        walked = walker.walk(lab, "client", f"{server}:5432")
        assert (walked.status, others()) == (0, 0)
    assert "origin" not in walked.report


@pytest.mark.parametrize("way", whole_walks(4))
@pytest.mark.parametrize("family", FAMILIES)
def test_ports_are_asked_for_by_the_same_way(way: str, family: Family, walker: Walker) -> None:
    asked = whole_walks(family)[way]
    network = with_second_table(two_uplinks(SHAPE), asked.selector, by_the_second(family))
    server = network.address("server", family)
    with build(network) as lab, passing(lab, "r1", server) as others:
        words = ("--ports", "5430-5439", *asked.args, written(server, SHAPE))
        walked = walker.walk(lab, "client", *words, user=asked.user)
        assert others() == 0
    open_ones = [it["port"] for it in walked.report["ports"] if it["state"] == "open"]
    assert open_ones == [5432]


@pytest.mark.parametrize("mark", [(), ("--mark", "0x5")])
def test_names_are_asked_for_by_the_same_way(mark: tuple[str, ...], walker: Walker) -> None:
    """The nameserver is near the first way, and marked questions for it go astray by the second."""
    network = with_second_table(two_uplinks(SHAPE), f"fwmark {MARK}", by_the_second(4))
    with build(network) as lab, passing(lab, "dns", "198.51.100.53") as questions:
        walked = walker.walk(lab, "client", *mark, "-4", "server.lab.test:5432")
        assert (questions() == 0) is bool(mark)
    assert walked.first.get("id") == ("resolver-unreachable" if mark else None)


def test_a_mark_that_may_not_be_set_is_not_left_out(walker: Walker) -> None:
    network = with_second_table(two_uplinks(SHAPE), f"fwmark {MARK}", by_the_second(4))
    to = "203.0.113.10"
    with build(network) as lab, passing(lab, "r1", to) as others, passing(lab, "side", to) as ours:
        walked = walker.walk(lab, "client", "--unprivileged", "--mark", "5", f"{to}:5432")
        assert (others(), ours()) == (0, 0)
    verdict = walked.report["verdict"]
    assert walked.status == 3
    assert "nothing is sent without its mark" in verdict["summary"]
    unlocks = {one["unlock"] for one in verdict["not_checked"]}
    assert "sudo layerwalk diagnose --mark 0x5 203.0.113.10:5432" in unlocks
    route_seen = next(it for it in walked.report["evidence"] if it["probe"] == "route")
    assert route_seen["finding"].startswith("203.0.113.10 mark 0x5 via 192.0.2.1 dev eth1")


def test_packets_are_kept_with_their_way(walker: Walker, tmp_path: Path) -> None:
    """The file has what left by the second way, the kernel's resets included."""
    network = with_second_table(two_uplinks(SHAPE), f"fwmark {MARK}", by_the_second(4))
    kept = tmp_path / "walk.pcapng"
    with build(network) as lab:
        walker.walk(lab, "client", "--mark", "5", "--pcap", str(kept), "203.0.113.10:5432")
    blocks = kept.read_bytes()
    assert b"eth1" in blocks
    assert b"eth0" not in blocks


def test_a_route_is_told_as_it_was_asked_for() -> None:
    with leaving(4, WAYS["mark"], raw=True) as (_, ctx):
        found = route("203.0.113.10", ctx)
    assert found.finding == "203.0.113.10 mark 0x5 via 192.0.2.1 dev eth1 src 192.0.2.10"
    assert found.command == "ip route get 203.0.113.10 mark 0x5"
    assert (found.table, found.route) == (100, "default via 192.0.2.1 dev eth1 table 100")


@pytest.mark.parametrize("family", FAMILIES)
def test_an_interface_without_a_route_has_none(family: Family) -> None:
    with build(two_uplinks(SHAPE)) as lab, lab.inside("client"):
        server = lab.network.address("server", family)
        fact = route(server, ProbeContext(origin=Origin(interface="eth1")))
        assert route(server, ProbeContext()).interface == "eth0"
        near = route("192.0.2.1", ProbeContext(origin=Origin(interface="eth1")))
    assert (fact.outcome, fact.errno) == (Outcome.UNREACHABLE, "ENETUNREACH")
    assert near.interface == "eth1"


def test_a_source_that_is_gone_is_told() -> None:
    with build(two_uplinks(SHAPE)) as lab, lab.inside("client"):
        fact = route("203.0.113.10", ProbeContext(origin=Origin(address="192.0.2.77")))
        other = route("2001:db8:2::10", ProbeContext(origin=Origin(address="192.0.2.10")))
    assert fact.finding.endswith("none (EADDRNOTAVAIL)")
    assert other.outcome is Outcome.NOT_RUN


def test_what_comes_for_a_reserved_port_is_reset_all_the_same() -> None:
    """A port that answers by mark and interface takes no connection, and shows none."""
    with build(two_uplinks(SHAPE)) as lab, lab.inside("client"):
        with closing(open_wire(origin=Origin(mark=MARK))) as wire:
            number = wire.port("198.51.100.10", "syn 80")
            with socket.socket() as caller:
                caller.settimeout(0.3)
                with pytest.raises(TimeoutError):
                    caller.connect(("198.51.100.10", number))
        assert HERE.plain
