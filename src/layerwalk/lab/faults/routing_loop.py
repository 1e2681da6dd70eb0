"""Routers that send the packet round in a circle."""

from layerwalk.lab.faults.route_rejected import single
from layerwalk.lab.shapes import Fault, Scenario, Shape, base, on_path, router, target_address
from layerwalk.lab.spec import End, Link, Network, Route
from layerwalk.lab.topology import bare, middle

CAUSE = "routing-loop"
WHERE = {"kind": "path"}
NEAR = ("192.0.2.1/30", "2001:db8:3::1/64")
FAR = ("192.0.2.2/30", "2001:db8:3::2/64")


def _pair(shape: Shape) -> Scenario:
    network = base(shape)
    back = _route_back(network, shape, bare(middle(shape.hop)[0]))
    return _scenario(network.with_routes(router(shape, 1), back), shape, members=2)


def _triangle(shape: Shape) -> Scenario:
    network = base(shape)
    ends = End(router(shape), "eth2", NEAR), End(router(shape, 2), "eth2", FAR)
    back = _route_back(network, shape, bare(NEAR))
    joined = network.with_parts(links=(Link(ends),)).with_routes(router(shape, 2), back)
    return _scenario(joined, shape, members=3)


def _route_back(network: Network, shape: Shape, gateways: tuple[str, str]) -> Route:
    gateway = gateways[0 if shape.family == 4 else 1]
    return Route(single(network, shape), via=gateway)


def _scenario(network: Network, shape: Shape, members: int) -> Scenario:
    ends = [end for number in range(members) for end in network.ends(router(shape, number))]
    # On their way round, packets come to a router from either side; IPv6 answers with that side.
    addresses = tuple(filter(None, (end.address(shape.family) for end in ends)))
    target = target_address(network, shape)
    return Scenario(network, target, CAUSE, WHERE, after_any=addresses)


FAULTS = (
    Fault(
        CAUSE,
        "two routers each take the other for the way to the target",
        CAUSE,
        lambda: on_path(short_of_last=1),
        _pair,
    ),
    Fault(
        "routing-loop-of-three",
        "three routers send what is for the target round in a circle",
        CAUSE,
        lambda: on_path(short_of_last=2),
        _triangle,
    ),
)
