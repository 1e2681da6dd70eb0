"""Everything to or from the target vanishes at one router, and nobody says a word."""

from layerwalk.lab.faults.route_rejected import single
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
    BOTH,
    Fault,
    Scenario,
    Shape,
    base,
    on_path,
    on_path_after,
    router,
    target_address,
)
from layerwalk.lab.spec import Route, RouteType

CAUSE = "path-blackhole"


def _drop(shape: Shape) -> Scenario:
    network = base(shape)
    words = "ip" if shape.family == 4 else "ip6"
    out = shape.direction == "out"
    rule = f"{words} {'daddr' if out else 'saddr'} {network.address('server', shape.family)} drop"
    # Routers behind this one are not the target: what they say still comes back.
    where = on_path_after(network, shape, shape.hop if out else shape.routers)
    broken = network.with_host(router(shape), firewall=ruleset(forward=[rule]))
    return Scenario(broken, target_address(network, shape), CAUSE, where)


def _return(shape: Shape) -> Scenario:
    network = base(shape)
    firewall = ruleset(forward=['iifname "eth1" drop'])
    broken = network.with_host(router(shape), firewall=firewall)
    where = on_path_after(network, shape, shape.hop)
    return Scenario(broken, target_address(network, shape), CAUSE, where)


def _route(shape: Shape) -> Scenario:
    network = base(shape)
    route = Route(single(network, shape), type=RouteType.BLACKHOLE)
    # The kernel discards at the look-up, before it looks at the TTL: this router is silent too.
    where = on_path_after(network, shape, shape.hop - 1)
    broken = network.with_routes(router(shape), route)
    return Scenario(broken, target_address(network, shape), CAUSE, where)


FAULTS = (
    Fault(
        CAUSE,
        "a router drops everything to the target, or everything from it",
        CAUSE,
        lambda: on_path(directions=BOTH),
        _drop,
    ),
    Fault(
        "path-blackhole-return",
        "a router drops everything that comes back from beyond it",
        CAUSE,
        on_path,
        _return,
    ),
    Fault(
        "path-blackhole-route",
        "a router has a blackhole route for the target",
        CAUSE,
        on_path,
        _route,
    ),
)
