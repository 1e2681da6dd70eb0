"""The service accepts its connections too slowly, or not at all, and its queue is full."""

from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_host,
    at_target,
    base,
    target_address,
)
from layerwalk.lab.spec import Manner, Network, Service
from layerwalk.lab.traffic import Crowd

CAUSE = "accept-queue-full"
SHORT, LONG = 4, 256
OVER, SERVED = 3, 5
"""So many more callers than the queue takes (Linux lets one more in than the backlog says), and so
many that the slow service has just taken."""


def queued(network: Network, shape: Shape, service: Service, count: int) -> Network:
    """Put a service on the port, and a crowd of clients beside the walking one."""
    address = network.address("server", shape.family)
    crowd = Crowd(address, shape.port, count)
    return network.with_host("server", services=(service,)).with_host("dns", crowds=(crowd,))


def _slow(shape: Shape) -> Scenario:
    network = base(shape)
    service = Service(shape.port, Manner.SLOW, backlog=SHORT, every_s=0.6)
    full = queued(network, shape, service, SHORT + OVER + SERVED)
    return Scenario(full, target_address(network, shape), CAUSE, at_host(network, shape))


def _for_good(shape: Shape) -> Scenario:
    """A filter of SYNs looks the same: it is named, and the queue beside it."""
    network = base(shape)
    service = Service(shape.port, Manner.SINK, backlog=SHORT)
    full = queued(network, shape, service, SHORT + OVER)
    target, where = target_address(network, shape), at_host(network, shape)
    return Scenario(full, target, "firewall-drop", where, also=(CAUSE,))


def _moving(shape: Shape) -> Scenario:
    network = base(shape)
    service = Service(shape.port, Manner.SLOW, backlog=LONG, every_s=0.05)
    busy = queued(network, shape, service, 120)
    return Scenario(busy, target_address(network, shape), None)


def _deferred(shape: Shape) -> Scenario:
    seconds = 1 if shape.routers % 2 else 30
    service = Service(shape.port, defer_s=seconds)
    network = base(shape).with_host("server", services=(service,))
    return Scenario(network, target_address(network, shape), None)


FAULTS = (
    Fault(
        CAUSE,
        "the service accepts a connection now and then, and others wait for the same room",
        CAUSE,
        at_target,
        _slow,
    ),
    Fault(
        "firewall-drop-or-full-queue",
        "the service has stopped accepting, and its queue is full",
        "firewall-drop",
        at_target,
        _for_good,
    ),
    Fault(
        "healthy-long-queue",
        "the service's queue is long, and it moves",
        None,
        at_target,
        _moving,
    ),
    Fault(
        "healthy-deferred-accept",
        "the service takes a connection only when data has come",
        None,
        at_target,
        _deferred,
    ),
)
