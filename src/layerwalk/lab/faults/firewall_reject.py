"""A firewall refuses the connection out loud: with an ICMP message, or with a reset of its own."""

from collections.abc import Callable

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
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

CAUSE = "firewall-reject"
PROHIBITED = "icmpx admin-prohibited"
RESET = "tcp reset"


def _router(answer: str) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        network = base(shape)
        rule = f"tcp dport {shape.port} reject with {answer}"
        firewalled = network.with_host(router(shape), firewall=ruleset(forward=[rule]))
        return Scenario(firewalled, target_address(network, shape), CAUSE, after(network, shape))

    return build


def _target(shape: Shape) -> Scenario:
    network = base(shape)
    rule = f"tcp dport {shape.port} reject with {PROHIBITED}"
    firewalled = network.with_host("server", firewall=ruleset(input=[rule]))
    return Scenario(firewalled, target_address(network, shape), CAUSE, at_host(network, shape))


def _client(answer: str) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        network = base(shape)
        rule = f"tcp dport {shape.port} reject with {answer}"
        firewalled = network.with_host("client", firewall=ruleset(output=[rule]))
        # nft shows a reject by its own words for the answer, so the rule is known by its match.
        where = {"kind": "local", "rule": f"tcp dport {shape.port} reject"}
        return Scenario(firewalled, target_address(network, shape), CAUSE, where)

    return build


FAULTS = (
    Fault(
        CAUSE,
        "a router's firewall answers that the connection is prohibited",
        CAUSE,
        on_path,
        _router(PROHIBITED),
    ),
    Fault(
        "firewall-reject-port",
        "a router's firewall answers that the port is unreachable",
        CAUSE,
        on_path,
        _router("icmpx port-unreachable"),
    ),
    Fault(
        "firewall-reject-host",
        "a router's firewall answers that the host is unreachable, for this port only",
        CAUSE,
        on_path,
        _router("icmpx host-unreachable"),
    ),
    Fault(
        "firewall-reject-reset",
        "a router's firewall resets the connection in the target's name",
        CAUSE,
        on_path,
        _router(RESET),
    ),
    Fault(
        "firewall-reject-target",
        "the target's own firewall answers that the connection is prohibited",
        CAUSE,
        at_target,
        _target,
    ),
    Fault(
        "firewall-reject-client",
        "this machine's own firewall refuses the connection with an ICMP message",
        CAUSE,
        at_client,
        _client(PROHIBITED),
    ),
    Fault(
        "firewall-reject-client-reset",
        "this machine's own firewall resets the connection",
        CAUSE,
        at_client,
        _client(RESET),
    ),
)
