"""New connections are limited: so many a second get through, at a router or at the target."""

from layerwalk.lab.faults.syn_option_dropped import SYN
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
    PORTS,
    Fault,
    Scenario,
    Shape,
    after,
    at_host,
    at_target,
    base,
    on_path,
    router,
    target_address,
)

CAUSE = "syn-rate-limited"
RATES = ("10/second burst 5", "3/second burst 3", "30/second burst 5", "60/minute burst 8")
AMPLE = "500/second burst 200"


def _rate(shape: Shape) -> str:
    """Choose a rate by the shape, so that each comes up in many."""
    return RATES[(shape.routers + shape.hop + PORTS.index(shape.port)) % len(RATES)]


def beyond(shape: Shape, rate: str, verdict: str = "drop") -> str:
    """Return the rule for SYNs to the port beyond a rate."""
    return f"tcp dport {shape.port} {SYN} limit rate over {rate} packets {verdict}"


def _target(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ruleset(input=[beyond(shape, _rate(shape))])
    limited = network.with_host("server", firewall=rules)
    return Scenario(limited, target_address(network, shape), CAUSE, at_host(network, shape))


def _rejecting(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ruleset(input=[beyond(shape, _rate(shape), "reject with tcp reset")])
    limited = network.with_host("server", firewall=rules)
    return Scenario(limited, target_address(network, shape), CAUSE, at_host(network, shape))


def _forward(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ruleset(forward=[beyond(shape, _rate(shape))])
    limited = network.with_host(router(shape), firewall=rules)
    return Scenario(limited, target_address(network, shape), CAUSE, after(network, shape))


def _without_pings(shape: Shape) -> Scenario:
    network = base(shape)
    pings = [f"{kind} type echo-request drop" for kind in ("icmp", "icmpv6")]
    rules = ruleset(input=[*pings, beyond(shape, _rate(shape))])
    limited = network.with_host("server", firewall=rules)
    return Scenario(limited, target_address(network, shape), CAUSE, at_host(network, shape))


def _ample(shape: Shape) -> Scenario:
    network = base(shape)
    limited = network.with_host("server", firewall=ruleset(input=[beyond(shape, AMPLE)]))
    return Scenario(limited, target_address(network, shape), None)


FAULTS = (
    Fault(
        CAUSE, "a router lets only so many new connections a second pass", CAUSE, on_path, _forward
    ),
    Fault(
        "syn-rate-limited-target",
        "the target takes only so many new connections a second",
        CAUSE,
        at_target,
        _target,
    ),
    Fault(
        "syn-rate-limited-reset",
        "the target resets new connections beyond a rate",
        CAUSE,
        at_target,
        _rejecting,
    ),
    Fault(
        "syn-rate-limited-no-ping",
        "the target takes only so many new connections a second, and answers no pings",
        CAUSE,
        at_target,
        _without_pings,
    ),
    Fault(
        "healthy-ample-limit",
        "the target limits new connections, far beyond what one client opens",
        None,
        at_target,
        _ample,
    ),
)
