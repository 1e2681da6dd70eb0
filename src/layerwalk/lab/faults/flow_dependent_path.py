"""One of several parallel paths is broken: what is sent there fails, each time."""

from collections.abc import Callable
from dataclasses import replace

from layerwalk.lab.faults.route_rejected import single
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.parallel import Fan, addresses, beside, fanned
from layerwalk.lab.shapes import (
    BOTH,
    Fault,
    Scenario,
    Shape,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Network, Route, RouteType
from layerwalk.lab.topology import CLIENT_LAN, EVERYTHING

CAUSE = "flow-dependent-path"
WHERE = {"kind": "path"}

Break = Callable[[Network, Shape, str], Network]
"""What breaks a router of this name on one of the paths."""


def _broken(fan: Fan, numbers: tuple[int, ...], how: Break) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        out = shape.direction == "out"
        network = fanned(shape, replace(fan, out=out, back=not out))
        names = [beside(number) for number in numbers]
        for name in names:
            network = how(network, shape, name)
        # A path that is lost on the way there ends before or at its first router; one that is lost
        # on the way back, anywhere up to the target, by which hops' reports come back.
        near = addresses(network, router(shape), *names) if out else ()
        return Scenario(network, target_address(network, shape), CAUSE, WHERE, after_any=near)

    return build


def _drops(network: Network, shape: Shape, name: str) -> Network:
    address = network.address("server", shape.family)
    word = "ip6" if ":" in address else "ip"
    side = "daddr" if shape.direction == "out" else "saddr"
    return network.with_host(name, firewall=ruleset(forward=[f"{word} {side} {address} drop"]))


def _refuses(kind: RouteType) -> Break:
    def how(network: Network, shape: Shape, name: str) -> Network:
        return network.with_routes(name, Route(single(network, shape), type=kind))

    return how


def _knows_no_route(network: Network, _shape: Shape, name: str) -> Network:
    return network.without_routes(name, *EVERYTHING)


def _sends_back(network: Network, shape: Shape, name: str) -> Network:
    back = {r.family: r.via for r in network.host(name).routes if r.to in CLIENT_LAN}
    prefix = single(network, shape)
    return network.with_routes(name, Route(prefix, via=back[shape.family]))


def _places() -> tuple[Shape, ...]:
    return on_path(short_of_last=2)


FAULTS = (
    Fault(
        CAUSE,
        "one of two parallel paths drops what is for the target, or what comes back from it",
        CAUSE,
        lambda: on_path(short_of_last=2, directions=BOTH),
        _broken(Fan(2), (2,), _drops),
    ),
    Fault(
        "flow-dependent-path-of-four",
        "one of four parallel paths drops what is for the target, or what comes back from it",
        CAUSE,
        lambda: on_path(short_of_last=2, directions=BOTH),
        _broken(Fan(4), (3,), _drops),
    ),
    Fault(
        "flow-dependent-path-of-eight",
        "three of eight parallel paths have a blackhole route for the target",
        CAUSE,
        _places,
        _broken(Fan(8), (2, 5, 8), _refuses(RouteType.BLACKHOLE)),
    ),
    Fault(
        "flow-dependent-path-mostly",
        "two of three parallel paths drop what is for the target",
        CAUSE,
        _places,
        _broken(Fan(3), (2, 3), _drops),
    ),
    Fault(
        "flow-dependent-path-refused",
        "one of two parallel paths refuses the target",
        CAUSE,
        _places,
        _broken(Fan(2), (2,), _refuses(RouteType.PROHIBIT)),
    ),
    Fault(
        "flow-dependent-path-without-route",
        "one of three parallel paths has no route to the target",
        CAUSE,
        _places,
        _broken(Fan(3), (3,), _knows_no_route),
    ),
    Fault(
        "flow-dependent-path-in-circles",
        "one of two parallel paths leads back to where it came from",
        CAUSE,
        _places,
        _broken(Fan(2), (2,), _sends_back),
    ),
)
