"""A part of all packets is lost: at a router, on a cable, or at the target."""

from layerwalk.lab.firewall import NEIGHBOURS, ruleset
from layerwalk.lab.shapes import (
    BOTH,
    Fault,
    Scenario,
    Shape,
    after,
    at_client,
    at_host,
    at_target,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Impairment

CAUSE = "packet-loss"
PERCENT, HEAVY_PERCENT = 30, 50
CABLE = 0.18
"""Lost in either direction: a third of all questions get no answer."""


def some(percent: int) -> str:
    """Return the rule that drops so many of a hundred packets."""
    return f"numgen random mod 100 < {percent} drop"


def _forward(shape: Shape, percent: int) -> Scenario:
    network = base(shape)
    comes_in = "eth0" if shape.direction == "out" else "eth1"
    firewall = ruleset(forward=[f'iifname "{comes_in}" {some(percent)}'])
    broken = network.with_host(router(shape), firewall=firewall)
    return Scenario(broken, target_address(network, shape), CAUSE, after(network, shape))


def _router(shape: Shape) -> Scenario:
    return _forward(shape, PERCENT)


def _heavy(shape: Shape) -> Scenario:
    return _forward(shape, HEAVY_PERCENT)


def _target(shape: Shape) -> Scenario:
    network = base(shape)
    broken = network.with_host("server", firewall=ruleset(input=[NEIGHBOURS, some(PERCENT)]))
    return Scenario(broken, target_address(network, shape), CAUSE, at_host(network, shape))


def _target_without_pings(shape: Shape) -> Scenario:
    network = base(shape)
    pings = [f"{kind} type echo-request drop" for kind in ("icmp", "icmpv6")]
    firewall = ruleset(input=[NEIGHBOURS, *pings, some(PERCENT)])
    broken = network.with_host("server", firewall=firewall)
    return Scenario(broken, target_address(network, shape), CAUSE, at_host(network, shape))


def _cable(shape: Shape) -> Scenario:
    """Lose on the cable behind the shape's hop, which may be the client itself."""
    network = base(shape)
    near = (router(shape), "eth1") if shape.hop else ("client", "eth0")
    broken = network.with_end(*near, sends=Impairment(loss=CABLE, seed=shape.routers + 1))
    if shape.hop:
        far = ("server", "eth0") if shape.hop == shape.routers else (router(shape, 1), "eth0")
        broken = broken.with_end(*far, sends=Impairment(loss=CABLE, seed=shape.hop + 20))
        where = after(network, shape)
    else:
        broken = broken.with_end(*near, sends=Impairment(loss=2 * CABLE, seed=shape.routers + 1))
        where = {"kind": "path" if shape.routers else "host"}
    return Scenario(broken, target_address(network, shape), CAUSE, where)


FAULTS = (
    Fault(
        CAUSE,
        "a router loses a third of what it carries, in one direction",
        CAUSE,
        lambda: on_path(directions=BOTH),
        _router,
    ),
    Fault(
        "packet-loss-heavy",
        "a router loses half of what it carries, in one direction",
        CAUSE,
        lambda: on_path(directions=BOTH),
        _heavy,
    ),
    Fault(
        "packet-loss-target",
        "the target loses a third of what it receives",
        CAUSE,
        at_target,
        _target,
    ),
    Fault(
        "packet-loss-no-ping",
        "the target loses a third of what it receives, and answers no pings",
        CAUSE,
        at_target,
        _target_without_pings,
    ),
    Fault(
        "packet-loss-cable",
        "a cable loses packets in both directions",
        CAUSE,
        lambda: at_client() + on_path(),
        _cable,
    ),
)
