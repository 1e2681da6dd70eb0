"""Answers come in by a second interface, where this machine's reverse path filter drops them."""

from collections.abc import Callable
from dataclasses import replace

from layerwalk.lab.firewall import NEIGHBOURS, SYN_ACK, ruleset
from layerwalk.lab.shapes import (
    OUT,
    Fault,
    Scenario,
    Shape,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import FAMILIES, End, Link, Network, Route, Rule
from layerwalk.lab.topology import CLIENT, EVERYTHING, PORT, bare, routes

CAUSE = "reverse-path-filter"
WHERE = {"kind": "local", "interface": "eth1"}
HERE = (("192.0.2.9/30", "2001:db8:5::1/64"), ("192.0.2.10/30", "2001:db8:5::2/64"))
"""The second cable, from whoever answers by it to the client."""

STRICT, LOOSE = "1", "2"
MARK, TABLE = 7, 100
FIB = "fib saddr . iif oif missing drop"

Sysctls = tuple[tuple[str, str], ...]


def by_two_ways(shape: Shape) -> Network:
    """Send what passes the shape's router on its way back straight to the client's eth1."""
    near = router(shape) if shape.hop else "server"
    cable = Link((End(near, "eth2", HERE[0]), End("client", "eth1", HERE[1])))
    network = base(shape).with_parts(links=(cable,))
    own, gateways = bare(CLIENT), bare(HERE[1])
    back = (Route(f"{own[0]}/32", via=gateways[0]), Route(f"{own[1]}/128", via=gateways[1]))
    return network.with_routes(near, *back)


def filtering(value: str, name: str = "all") -> Sysctls:
    """Return the setting of the filter, for all interfaces or for one."""
    return ((f"net.ipv4.conf.{name}.rp_filter", value),)


def _dropped(shape: Shape, sysctls: Sysctls) -> Scenario:
    network = by_two_ways(shape).with_host("client", sysctls=sysctls)
    return Scenario(network, target_address(network, shape), CAUSE, WHERE)


def _strict(shape: Shape) -> Scenario:
    return _dropped(shape, filtering(STRICT))


def _by_interface(shape: Shape) -> Scenario:
    return _dropped(shape, filtering("0", "eth0") + filtering(STRICT, "eth1"))


def _closed(shape: Shape) -> Scenario:
    found = _strict(shape)
    network = found.network.with_host("server", services=())
    return Scenario(network, found.target, CAUSE, WHERE)


def _marked(shape: Shape, mode: str) -> Scenario:
    """Have a mark pick the second cable; the answers come back by it, and have no mark."""
    found = _dropped(shape, filtering(mode))
    client = found.network.host("client")
    by_mark = tuple(
        replace(route, table=TABLE, source=own)
        for route, own in zip(routes(EVERYTHING, HERE[0]), bare(CLIENT), strict=True)
    )
    network = found.network.with_host(
        "client",
        routes=client.routes + by_mark,
        rules=tuple(Rule(family, f"fwmark {MARK}", f"lookup {TABLE}") for family in FAMILIES),
    )
    return replace(found, network=network, args=("--mark", str(MARK)))


def _marked_strict(shape: Shape) -> Scenario:
    return _marked(shape, STRICT)


def _marked_loose(shape: Shape) -> Scenario:
    """Without the mark there is no route to the target at all."""
    found = _marked(shape, LOOSE)
    by_mark = tuple(it for it in found.network.host("client").routes if it.table)
    return replace(found, network=found.network.with_host("client", routes=by_mark))


def _accepted(shape: Shape) -> Scenario:
    network = by_two_ways(shape).with_host("client", sysctls=filtering(LOOSE))
    return Scenario(network, target_address(network, shape), None)


def _unfiltered(shape: Shape) -> Scenario:
    network = by_two_ways(shape)
    return Scenario(network, target_address(network, shape), None)


def _symmetric(shape: Shape) -> Scenario:
    network = base(shape).with_host("client", sysctls=filtering(STRICT))
    return Scenario(network, target_address(network, shape), None)


def _rule(shape: Shape) -> Scenario:
    """Drop the SYN-ACK by a rule, where the filter is on and has nothing to drop."""
    rule = f"{SYN_ACK} drop"
    network = base(shape).with_host(
        "client", sysctls=filtering(STRICT), firewall=ruleset(input=[rule])
    )
    where = {"kind": "local", "rule": "drop"}
    return Scenario(network, target_address(network, shape), "firewall-drop", where)


def _by_a_rule(shape: Shape) -> Scenario:
    """Filter by a rule of the firewall, which IPv6 needs for it."""
    firewall = ruleset(prerouting=[NEIGHBOURS, FIB])
    network = by_two_ways(shape).with_host("client", firewall=firewall)
    where = {"kind": "local", "rule": "fib saddr . iif oif"}
    return Scenario(network, target_address(network, shape), "firewall-drop", where)


def _places(family: int | None = None, *, any_port: bool = True) -> Callable[[], tuple[Shape, ...]]:
    """The server itself where it is next door, or each of the first routers."""

    def found() -> tuple[Shape, ...]:
        paths = [shape for shape in on_path(directions=OUT) if shape.hop <= _NEAR]
        doors = [Shape(0, 0, it.family, it.port) for it in paths if (it.routers, it.hop) == (1, 1)]
        fitting = (it for it in (*doors, *paths) if family in {None, it.family})
        return tuple(it for it in fitting if any_port or it.port == PORT)

    return found


_NEAR = 3


def _far_places() -> tuple[Shape, ...]:
    """Behind a router: next door there is always a route.

    Nor would a neighbour's answers come: a kernel that filters strictly does not answer ARP from
    an address that it would reach by another interface.
    """
    return tuple(shape for shape in _places(4)() if shape.hop)


FAULTS = (
    Fault(
        CAUSE,
        "answers come in by a second interface, and this machine drops them",
        CAUSE,
        _far_places,
        _strict,
    ),
    Fault(
        f"{CAUSE}-interface",
        "only the second interface, by which the answers come, filters by reverse path",
        CAUSE,
        _far_places,
        _by_interface,
    ),
    Fault(
        f"{CAUSE}-closed",
        "this machine drops the answers of the other interface, resets of a closed port among them",
        CAUSE,
        _far_places,
        _closed,
    ),
    Fault(
        f"{CAUSE}-marked",
        "a mark picks the second interface, and the answers, which have none, are dropped there",
        CAUSE,
        _places(4),
        _marked_strict,
    ),
    Fault(
        f"{CAUSE}-loose",
        "a mark picks the only route, and the loose filter knows none back",
        CAUSE,
        _far_places,
        _marked_loose,
    ),
    Fault(
        "firewall-drop-client-reverse",
        "a rule of this machine drops what comes in by another interface than the route out",
        "firewall-drop",
        _places(),
        _by_a_rule,
    ),
    Fault(
        "firewall-drop-client-strict",
        "a rule of this machine drops the answer, where the reverse path filter is on, too",
        "firewall-drop",
        _places(),
        _rule,
    ),
    Fault(
        "healthy-loose-reverse-path",
        "answers come in by a second interface, and the filter is loose",
        None,
        _places(),
        _accepted,
    ),
    Fault(
        "healthy-no-reverse-path",
        "answers come in by a second interface, and nothing filters",
        None,
        _places(),
        _unfiltered,
    ),
    Fault(
        "healthy-strict-reverse-path",
        "the filter for reverse paths is strict, and answers come the way out",
        None,
        _places(),
        _symmetric,
    ),
)
