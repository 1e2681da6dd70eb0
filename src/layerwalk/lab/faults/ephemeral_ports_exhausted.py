"""Source ports of the client: none is left towards the target, or only few, or all but there."""

from collections.abc import Callable

from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.spec import Network, Service
from layerwalk.lab.traffic import Hoard, Leftover

CAUSE = "ephemeral-ports-exhausted"
LOW = 40000
FEW, MANY = 48, 600
OTHER = 9
"""Another port of the target, on which somebody listens, too."""


def held(shape: Shape, count: int, *hoards: Hoard, reuse: int = 0) -> Network:
    """Give the client so many ports for connections, and take those that are hoarded."""
    settings = (
        ("net.ipv4.ip_local_port_range", f"{LOW} {LOW + count - 1}"),
        ("net.ipv4.tcp_tw_reuse", str(reuse)),
    )
    network = base(shape)
    also = Service(OTHER, backlog=1024)
    services = (*network.host("server").services, also)
    network = network.with_host("server", services=services)
    return network.with_host("client", sysctls=settings, hoards=hoards)


def _there(shape: Shape) -> str:
    return base(shape).address("server", shape.family)


def _fault(shape: Shape, *hoards: Hoard, count: int = FEW) -> Scenario:
    network = held(shape, count, *hoards)
    return Scenario(network, target_address(network, shape), CAUSE, {"kind": "local"})


def _healthy(shape: Shape, *hoards: Hoard, count: int = FEW, reuse: int = 0) -> Scenario:
    network = held(shape, count, *hoards, reuse=reuse)
    return Scenario(network, target_address(network, shape), None)


def _connected(shape: Shape) -> Scenario:
    return _fault(shape, Hoard(_there(shape), shape.port, FEW, dual=shape.family == 4))


def _waiting(shape: Shape) -> Scenario:
    hoard = Hoard(_there(shape), shape.port, MANY, Leftover.CLOSED)
    return _fault(shape, hoard, count=MANY)


def _bound(shape: Shape) -> Scenario:
    taken = Hoard(_there(shape), shape.port, FEW - 8, Leftover.BOUND)
    return _fault(shape, taken, Hoard(_there(shape), shape.port, 8))


def _other_port(shape: Shape) -> Scenario:
    return _healthy(shape, Hoard(_there(shape), OTHER, FEW))


def _few_left(shape: Shape) -> Scenario:
    return _healthy(shape, Hoard(_there(shape), shape.port, FEW - 2))


def _elsewhere(shape: Shape) -> Scenario:
    hoard = Hoard(_there(shape), OTHER, MANY, Leftover.CLOSED)
    return _healthy(shape, hoard, count=MANY)


def _reused(shape: Shape) -> Scenario:
    hoard = Hoard(_there(shape), shape.port, FEW, Leftover.CLOSED, age_s=1.3)
    return _healthy(shape, hoard, reuse=1)


def _one(name: str, title: str, build: Callable[[Shape], Scenario]) -> Fault:
    return Fault(name, title, CAUSE if name.startswith(CAUSE) else None, at_client, build)


FAULTS = (
    _one(CAUSE, "connections to the target hold every source port", _connected),
    _one(f"{CAUSE}-waiting", "every source port waits in TIME_WAIT to the target", _waiting),
    _one(f"{CAUSE}-bound", "programs have bound the source ports, and hold them", _bound),
    _one(
        "healthy-ports-elsewhere", "all source ports go to another port of the target", _other_port
    ),
    _one("healthy-few-ports", "two source ports are left", _few_left),
    _one("healthy-time-wait", "all source ports are in TIME_WAIT to another port", _elsewhere),
    _one("healthy-reused-ports", "ports in TIME_WAIT may be used again", _reused),
)
