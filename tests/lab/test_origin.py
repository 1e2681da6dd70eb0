"""Two ways out, and packets that must all leave by the one that mark or source choose."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.lab.uplinks import by_the_second, second_address, two_uplinks, with_second_table
from layerwalk.probes.connect import connect
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.echo import echo
from layerwalk.probes.facts import Outcome, RouteFact
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.route import route
from layerwalk.probes.syn import FIRST, syn
from layerwalk.probes.wire.opening import open_wire
from layerwalk.probes.wire.packets import Peer
from tests.lab.counted import passing

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
