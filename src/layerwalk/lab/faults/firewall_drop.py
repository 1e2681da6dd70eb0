"""A firewall drops the SYN or its answer without a word: on the way, at the target, or here."""

from layerwalk.lab.firewall import NEIGHBOURS, SYN_ACK, TIME_EXCEEDED, ruleset
from layerwalk.lab.shapes import (
    BOTH,
    LONGEST,
    PORTS,
    Fault,
    Scenario,
    Shape,
    Where,
    after,
    at_client,
    at_host,
    at_target,
    base,
    on_path,
    router,
    target_address,
)

CAUSE = "firewall-drop"
_LENGTHS = (3, 5, LONGEST)


def _forward(shape: Shape) -> Scenario:
    network = base(shape)
    out = shape.direction == "out"
    rule = f"tcp dport {shape.port} drop" if out else f"tcp sport {shape.port} {SYN_ACK} drop"
    # Where only the answer is dropped, SYNs are seen to reach the last router.
    where = after(network, shape) if out else at_host(network, shape)
    firewalled = network.with_host(router(shape), firewall=ruleset(forward=[rule]))
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _answers(shape: Shape) -> Scenario:
    """Nothing from the port comes back, be it SYN-ACK or acknowledgement: the way does not show."""
    network = base(shape)
    rules = ruleset(forward=[f"tcp sport {shape.port} drop"])
    firewalled = network.with_host(router(shape), firewall=rules)
    return Scenario(firewalled, target_address(network, shape), CAUSE, at_host(network, shape))


def _target_out(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ruleset(output=[f"tcp sport {shape.port} {SYN_ACK} drop"])
    firewalled = network.with_host("server", firewall=rules)
    where: Where = {**at_host(network, shape), "direction": "back"}
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _two(shape: Shape) -> Scenario:
    """Two routers drop; the SYN gets to meet the first of them only."""
    network = base(shape)
    rules = ruleset(forward=[f"tcp dport {shape.port} drop"])
    firewalled = network.with_host(router(shape), firewall=rules)
    firewalled = firewalled.with_host(router(shape, 1), firewall=rules)
    where: Where = {**after(network, shape), "direction": "out"}
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _before_silent(shape: Shape) -> Scenario:
    """The router behind the filter reports nothing; those behind it do."""
    network = base(shape)
    rules = ruleset(forward=[f"tcp dport {shape.port} drop"])
    silent = ruleset(output=[f"{match} drop" for match in TIME_EXCEEDED])
    firewalled = network.with_host(router(shape), firewall=rules)
    firewalled = firewalled.with_host(router(shape, 1), firewall=silent)
    where: Where = {**after(network, shape), "direction": "out"}
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _policy(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ["meta l4proto { icmp, icmpv6, udp } accept", "tcp dport { 22, 80 } accept"]
    rules.append("tcp sport { 22, 80 } accept")
    firewall = ruleset("drop", forward=rules)
    firewalled = network.with_host(router(shape), firewall=firewall)
    return Scenario(firewalled, target_address(network, shape), CAUSE, after(network, shape))


def _target(shape: Shape) -> Scenario:
    network = base(shape)
    firewall = ruleset(input=[f"tcp dport {shape.port} drop"])
    firewalled = network.with_host("server", firewall=firewall)
    return Scenario(firewalled, target_address(network, shape), CAUSE, at_host(network, shape))


def _target_policy(shape: Shape) -> Scenario:
    network = base(shape)
    allowed = ["meta l4proto icmp accept", "icmpv6 type echo-request accept", NEIGHBOURS]
    firewalled = network.with_host("server", firewall=ruleset("drop", input=allowed))
    return Scenario(firewalled, target_address(network, shape), CAUSE, at_host(network, shape))


def _client_out(shape: Shape) -> Scenario:
    network = base(shape)
    rule = f"tcp dport {shape.port} drop"
    firewalled = network.with_host("client", firewall=ruleset(output=[rule]))
    where = {"kind": "local", "rule": rule}
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _client_in(shape: Shape) -> Scenario:
    network = base(shape)
    rule = f"tcp sport {shape.port} drop"
    firewalled = network.with_host("client", firewall=ruleset(input=[rule]))
    where = {"kind": "local", "rule": rule}
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _client_device(shape: Shape) -> Scenario:
    """A rule behind all that tells a program, or before all that hears an answer."""
    network = base(shape)
    out = shape.family == 4
    hook, side = ("egress", "d") if out else ("ingress", "s")
    rule = f"tcp {side}port {shape.port} drop"
    hooked = f"type filter hook {hook} device eth0 priority 0; policy accept;"
    lines = ("table netdev card {", " chain guard {", f"  {hooked}", f"  {rule}", " }", "}", "")
    firewalled = network.with_host("client", firewall="\n".join(lines))
    where = {"kind": "local", "rule": rule}
    return Scenario(firewalled, target_address(network, shape), CAUSE, where)


def _few(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """Some lengths stand for all: what tells these from the plain drops does not depend on it."""
    return tuple(it for it in shapes if it.routers in _LENGTHS and it.port == PORTS[0])


FAULTS = (
    Fault(
        CAUSE,
        "a router's firewall drops connections to the port, or the answers to them",
        CAUSE,
        lambda: on_path(directions=BOTH),
        _forward,
    ),
    Fault(
        "firewall-drop-answers",
        "a router's firewall drops whatever comes back from the port",
        CAUSE,
        lambda: _few(on_path()),
        _answers,
    ),
    Fault(
        "firewall-drop-target-out",
        "the target's own firewall drops its answers to connections",
        CAUSE,
        lambda: _few(at_target()),
        _target_out,
    ),
    Fault(
        "firewall-drop-twice",
        "two routers in a row drop connections to the port",
        CAUSE,
        lambda: _few(on_path(short_of_last=1)),
        _two,
    ),
    Fault(
        "firewall-drop-before-silent",
        "a router's firewall drops connections to the port, and the next router is silent",
        CAUSE,
        lambda: _few(on_path(short_of_last=2)),
        _before_silent,
    ),
    Fault(
        "firewall-drop-policy",
        "a router's firewall lets through only what it lists, and the port is not on the list",
        CAUSE,
        on_path,
        _policy,
    ),
    Fault(
        "firewall-drop-target",
        "the target's own firewall drops connections to the port",
        CAUSE,
        at_target,
        _target,
    ),
    Fault(
        "firewall-drop-target-policy",
        "the target's own firewall lets in pings and nothing else",
        CAUSE,
        at_target,
        _target_policy,
    ),
    Fault(
        "firewall-drop-client-out",
        "this machine's own firewall drops connections to the port",
        CAUSE,
        at_client,
        _client_out,
    ),
    Fault(
        "firewall-drop-client-in",
        "this machine's own firewall drops what comes back from the port",
        CAUSE,
        at_client,
        _client_in,
    ),
    Fault(
        "firewall-drop-client-device",
        "a rule of this machine's own network card drops connections to the port",
        CAUSE,
        at_client,
        _client_device,
    ),
)
