"""No nameserver answers: nobody is there, nobody speaks, nothing listens, or none is configured."""

from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base
from layerwalk.lab.spec import Network
from layerwalk.lab.topology import NAME, resolving_over

CAUSE = "resolver-unreachable"
NOBODY = {4: "198.51.100.54", 6: "2001:db8:1::54"}


def _scenario(network: Network, shape: Shape) -> Scenario:
    return Scenario(network, f"{NAME}:{shape.port}", CAUSE, {"kind": "resolver"})


def _nobody(shape: Shape) -> Scenario:
    lines = f"nameserver {NOBODY[shape.family]}\n"
    return _scenario(base(shape).with_host("client", resolv_conf=lines), shape)


def _silent(shape: Shape) -> Scenario:
    drop = ruleset(input=["udp dport 53 drop", "tcp dport 53 drop"])
    network = resolving_over(base(shape), shape.family)
    return _scenario(network.with_host("dns", firewall=drop), shape)


def _closed(shape: Shape) -> Scenario:
    network = resolving_over(base(shape), shape.family)
    return _scenario(network.with_host("dns", name_servers=()), shape)


def _unconfigured(shape: Shape) -> Scenario:
    return _scenario(base(shape).with_host("client", resolv_conf=""), shape)


FAULTS = (
    Fault(CAUSE, "nobody has the nameserver's address", CAUSE, at_client, _nobody),
    Fault(
        "resolver-unreachable-silent",
        "the nameserver's host is there, and drops every question",
        CAUSE,
        at_client,
        _silent,
    ),
    Fault(
        "resolver-unreachable-closed",
        "the nameserver's host is there, and nothing listens on its port 53",
        CAUSE,
        at_client,
        _closed,
    ),
    Fault(
        "resolver-unreachable-unconfigured",
        "this machine has no nameserver configured",
        CAUSE,
        at_client,
        _unconfigured,
    ),
)
