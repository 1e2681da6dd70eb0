"""Nothing is wrong, and the path or the target only looks odd."""

from collections.abc import Sequence

from layerwalk.lab.faults.no_route import with_spare_interface
from layerwalk.lab.firewall import NEIGHBOURS, ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_client,
    at_target,
    base,
    target_address,
)
from layerwalk.lab.topology import NAME

NO_PING = ("icmp type echo-request drop", "icmpv6 type echo-request drop")


def _plain(shape: Shape) -> Scenario:
    network = base(shape)
    return Scenario(network, target_address(network, shape), None)


def _by_name(shape: Shape) -> Scenario:
    return Scenario(base(shape), f"{NAME}:{shape.port}", None, args=(f"-{shape.family}",))


def _guarded(shape: Shape, rules: Sequence[str], policy: str = "accept") -> Scenario:
    network = base(shape).with_host("server", firewall=ruleset(policy, input=rules))
    return Scenario(network, target_address(network, shape), None)


def _no_ping(shape: Shape) -> Scenario:
    return _guarded(shape, [*NO_PING, "meta l4proto udp drop"])


def _no_ping_no_port(shape: Shape) -> Scenario:
    return _guarded(shape, [*NO_PING, f"tcp dport != {shape.port} drop"])


def _one_port(shape: Shape) -> Scenario:
    return _guarded(shape, [f"tcp dport {shape.port} accept", NEIGHBOURS], "drop")


def _no_large_ping(shape: Shape) -> Scenario:
    large = "meta length > 500 drop"
    return _guarded(shape, [f"{kind} type echo-request {large}" for kind in ("icmp", "icmpv6")])


def _client_rules(shape: Shape) -> Scenario:
    firewall = ruleset(output=["tcp dport { 25, 9999 } drop"], input=["tcp dport { 9100 } drop"])
    network = base(shape).with_host("client", firewall=firewall)
    return Scenario(network, target_address(network, shape), None)


def _spare(shape: Shape) -> Scenario:
    network = with_spare_interface(base(shape))
    return Scenario(network, target_address(network, shape), None)


def _second_resolver(shape: Shape) -> Scenario:
    network = base(shape)
    lines = network.host("client").resolv_conf + "nameserver 198.51.100.54\n"
    late = network.with_host("client", resolv_conf=lines)
    return Scenario(late, f"{NAME}:{shape.port}", None, args=(f"-{shape.family}",))


FAULTS = (
    Fault("healthy", "nothing is wrong", None, at_client, _plain),
    Fault(
        "healthy-by-name", "nothing is wrong, and the target is a name", None, at_client, _by_name
    ),
    Fault("healthy-no-ping", "the target ignores ICMP and UDP", None, at_target, _no_ping),
    Fault(
        "healthy-no-ping-no-port",
        "the target ignores pings and drops every other port",
        None,
        at_target,
        _no_ping_no_port,
    ),
    Fault("healthy-one-port", "the target drops all but the port", None, at_target, _one_port),
    Fault("healthy-no-large-ping", "the target drops large pings", None, at_target, _no_large_ping),
    Fault(
        "healthy-client-rules",
        "this machine's own firewall drops other ports",
        None,
        at_client,
        _client_rules,
    ),
    Fault(
        "healthy-spare-interface", "an interface that nobody needs is down", None, at_client, _spare
    ),
    Fault(
        "healthy-second-resolver",
        "the second nameserver, which nobody asks, is dead",
        None,
        at_client,
        _second_resolver,
    ),
)
