"""Something drops, or refuses, SYNs for an option or a flag that they carry."""

from layerwalk.lab.firewall import SYN_ACK, ruleset
from layerwalk.lab.shapes import (
    BOTH,
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
from layerwalk.lab.spec import Network

CAUSE = "syn-option-dropped"
SYN = "tcp flags & (fin | syn | rst | ack) == syn"
ECN = "tcp flags & (ecn | cwr) != 0"
OPTIONS = ("tcp option timestamp exists", "tcp option window exists", "tcp option sack-perm exists")
ASKS_ECN = (("net.ipv4.tcp_ecn", "1"),)


def _option(shape: Shape) -> str:
    """Choose an option by the shape, so that each comes up in many."""
    return OPTIONS[(shape.routers + shape.hop + PORTS.index(shape.port)) % len(OPTIONS)]


def _on_the_way(network: Network, shape: Shape, match: str, verdict: str = "drop") -> Network:
    rule = f"{SYN if shape.direction == 'out' else SYN_ACK} {match} {verdict}"
    return network.with_host(router(shape), firewall=ruleset(forward=[rule]))


def _forward(shape: Shape) -> Scenario:
    network = base(shape)
    broken = _on_the_way(network, shape, _option(shape))
    # Where only the answer is dropped, SYNs are seen to reach the last router.
    where = after(network, shape) if shape.direction == "out" else at_host(network, shape)
    return Scenario(broken, target_address(network, shape), CAUSE, where)


def _target(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ruleset(input=[f"{SYN} {_option(shape)} drop"])
    broken = network.with_host("server", firewall=rules)
    return Scenario(broken, target_address(network, shape), CAUSE, at_host(network, shape))


def _only_the_port(shape: Shape) -> Scenario:
    """Let nothing else in, so that no other probe tells how far away the target is."""
    network = base(shape)
    port = f"tcp dport {shape.port}"
    rules = [f"{port} {SYN} {_option(shape)} drop", f"{port} accept", "meta l4proto udp drop"]
    others = [f"{kind} type echo-request drop" for kind in ("icmp", "icmpv6")]
    firewall = ruleset(forward=[*rules, *others, "tcp sport != 0 oifname eth1 drop"])
    broken = network.with_host(router(shape), firewall=firewall)
    return Scenario(broken, target_address(network, shape), CAUSE, after(network, shape))


def _ecn(shape: Shape) -> Scenario:
    network = base(shape).with_host("client", sysctls=ASKS_ECN)
    broken = _on_the_way(network, shape, ECN)
    return Scenario(broken, target_address(network, shape), CAUSE, after(network, shape))


def _reset(shape: Shape) -> Scenario:
    network = base(shape)
    rules = ruleset(input=[f"{SYN} {_option(shape)} reject with tcp reset"])
    broken = network.with_host("server", firewall=rules)
    return Scenario(broken, target_address(network, shape), CAUSE, at_host(network, shape))


def _foreign(shape: Shape) -> Scenario:
    """Drop what this machine does not send: ECN, and Fast Open."""
    network = base(shape)
    strange = [f"{SYN} {ECN} drop", f"{SYN} tcp option 34 exists drop"]
    broken = network.with_host(router(shape), firewall=ruleset(forward=strange))
    return Scenario(broken, target_address(network, shape), None)


def _stripped(shape: Shape) -> Scenario:
    network = base(shape)
    strip = [f"{SYN} reset tcp option {kind}" for kind in ("timestamp", "sack-perm", "window")]
    clamp = f"{SYN} tcp option maxseg size set 1200"
    broken = network.with_host(router(shape), firewall=ruleset(forward=[*strip, clamp]))
    return Scenario(broken, target_address(network, shape), None)


def _few(shape: Shape) -> Scenario:
    """A client that itself sends fewer options, and a router that would drop the others."""
    off = (("net.ipv4.tcp_timestamps", "0"), ("net.ipv4.tcp_sack", "0"))
    network = base(shape).with_host("client", sysctls=off)
    rules = ruleset(forward=[f"{SYN} {OPTIONS[0]} drop", f"{SYN} {OPTIONS[2]} drop"])
    broken = network.with_host(router(shape), firewall=rules)
    return Scenario(broken, target_address(network, shape), None)


FAULTS = (
    Fault(
        CAUSE,
        "a router drops SYNs that carry some TCP option, or the answers that carry it",
        CAUSE,
        lambda: on_path(directions=BOTH),
        _forward,
    ),
    Fault(
        "syn-option-dropped-target",
        "the target itself drops SYNs that carry some TCP option",
        CAUSE,
        at_target,
        _target,
    ),
    Fault(
        "syn-option-dropped-only-port",
        "a firewall lets in the port alone, and of its SYNs only those without an option",
        CAUSE,
        on_path,
        _only_the_port,
    ),
    Fault(
        "syn-option-dropped-ecn",
        "this machine asks for ECN, and a router drops SYNs that do",
        CAUSE,
        on_path,
        _ecn,
    ),
    Fault(
        "syn-option-dropped-reset",
        "the target resets connections whose SYN carries some TCP option",
        CAUSE,
        at_target,
        _reset,
    ),
    Fault(
        "healthy-options-of-others",
        "a router drops SYNs with ECN or Fast Open, and this machine sends none",
        None,
        on_path,
        _foreign,
    ),
    Fault(
        "healthy-options-stripped",
        "a router takes options off SYNs and makes the MSS smaller, and lets them pass",
        None,
        on_path,
        _stripped,
    ),
    Fault(
        "healthy-options-off",
        "a router drops SYNs with options that this machine has switched off",
        None,
        on_path,
        _few,
    ),
)
