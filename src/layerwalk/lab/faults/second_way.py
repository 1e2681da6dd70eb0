"""Two ways out, chosen by mark, source or interface: one of them is broken, the other is not."""

from collections.abc import Callable
from dataclasses import replace

from layerwalk.lab.faults.gateway_unreachable import CAUSE as GATEWAY
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, Where, at_client, target_address
from layerwalk.lab.spec import FAMILIES, Network, Route, RouteType
from layerwalk.lab.topology import EVERYTHING, bare
from layerwalk.lab.uplinks import (
    ASIDE,
    SECOND_GATEWAY,
    TABLE,
    by_the_second,
    second_address,
    two_uplinks,
    with_second_table,
)

MARK = ("--mark", "0x5")
MARKED = "fwmark 0x5"
BY_ETH1 = ("--source", "eth1")
NOBODY = ("192.0.2.99/24", "2001:db8:3::99/64")

Build = Callable[[Shape], Scenario]


def _scenario(
    network: Network, shape: Shape, cause: str | None, where: Where, args: tuple[str, ...]
) -> Scenario:
    return Scenario(network, target_address(network, shape), cause, where, args=args)


def _prohibited(shape: Shape) -> Scenario:
    """Refuse marked packets in a table of their own."""
    everything = EVERYTHING[FAMILIES.index(shape.family)]
    refusing = Route(everything, type=RouteType.PROHIBIT, table=TABLE)
    network = with_second_table(two_uplinks(shape), MARKED, refusing)
    where = {"kind": "local", "rule": "prohibit default"}
    return _scenario(network, shape, "route-rejected", where, MARK)


def _nobody(shape: Shape) -> Scenario:
    """Send marked packets to a gateway that is not there."""
    address = bare(NOBODY)[FAMILIES.index(shape.family)]
    route = replace(by_the_second(shape.family), via=address)
    network = with_second_table(two_uplinks(shape), MARKED, route)
    where = {"kind": "local", "interface": "eth1", "address": address}
    return _scenario(network, shape, GATEWAY, where, MARK)


def _no_route(shape: Shape) -> Scenario:
    return _scenario(two_uplinks(shape), shape, "no-route", {"kind": "local"}, BY_ETH1)


def _own_rule(shape: Shape) -> Scenario:
    """Drop marked packets here."""
    rule = f"meta mark 0x00000005 tcp dport {shape.port} drop"
    network = two_uplinks(shape).with_host("client", firewall=ruleset(output=[rule]))
    return _scenario(network, shape, "firewall-drop", {"kind": "local", "rule": rule}, MARK)


def _by_source(shape: Shape) -> tuple[Network, tuple[str, ...]]:
    address = second_address(shape.family)
    network = with_second_table(two_uplinks(shape), f"from {address}", by_the_second(shape.family))
    return network, ("--source", address)


def _dropping(network: Network, shape: Shape, router: str) -> Network:
    return network.with_host(router, firewall=ruleset(forward=[f"tcp dport {shape.port} drop"]))


def _dropped_aside(shape: Shape) -> Scenario:
    network, args = _by_source(shape)
    address = bare(SECOND_GATEWAY)[FAMILIES.index(shape.family)]
    where = {"kind": "host", "after": {"hop": 1, "address": address}}
    return _scenario(_dropping(network, shape, ASIDE), shape, "firewall-drop", where, args)


def _works_by_source(shape: Shape) -> Scenario:
    network, args = _by_source(shape)
    return _scenario(_dropping(network, shape, "r1"), shape, None, {}, args)


def _works_by_mark(shape: Shape) -> Scenario:
    """Have a main table that refuses the target, and another for marked packets."""
    place = FAMILIES.index(shape.family)
    refused = Route(EVERYTHING[place], type=RouteType.BLACKHOLE)
    network = two_uplinks(shape).with_routes("client", refused)
    network = with_second_table(network, MARKED, by_the_second(shape.family))
    return _scenario(network, shape, None, {}, MARK)


def _works_unmarked(shape: Shape) -> Scenario:
    return replace(_prohibited(shape), cause=None, where={}, args=())


def _at_client() -> tuple[Shape, ...]:
    return at_client(1)


FAULTS = tuple(
    Fault(name, title, cause, _at_client, build)
    for name, title, cause, build in (
        (
            "route-rejected-marked",
            "this machine refuses marked packets, and walks with the mark",
            "route-rejected",
            _prohibited,
        ),
        (
            "gateway-unreachable-marked",
            "marked packets go to a gateway that nobody has, and the walk has the mark",
            GATEWAY,
            _nobody,
        ),
        (
            "no-route-interface",
            "the interface that is asked for has no route to the target",
            "no-route",
            _no_route,
        ),
        (
            "firewall-drop-client-marked",
            "this machine drops marked packets, and walks with the mark",
            "firewall-drop",
            _own_rule,
        ),
        (
            "firewall-drop-source",
            "the router by which this source goes drops the port",
            "firewall-drop",
            _dropped_aside,
        ),
        (
            "healthy-source",
            "the usual router drops the port, and the source asked for goes by another",
            None,
            _works_by_source,
        ),
        (
            "healthy-marked",
            "the main table refuses the target, and marked packets have their own",
            None,
            _works_by_mark,
        ),
        (
            "healthy-unmarked",
            "this machine refuses marked packets, and walks without a mark",
            None,
            _works_unmarked,
        ),
    )
)
