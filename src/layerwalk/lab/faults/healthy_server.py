"""Nothing is wrong with the server's own end, and it only looks odd."""

from layerwalk.lab.faults.accept_queue_full import queued
from layerwalk.lab.firewall import NEIGHBOURS, ruleset
from layerwalk.lab.serving import (
    LOCAL,
    LOOPBACK,
    at_server,
    client_of,
    listening,
    port_alone,
    server_fault,
    service,
)
from layerwalk.lab.shapes import Scenario, Shape, base, written
from layerwalk.lab.spec import Manner, Service

_OTHERS = {4: "ip saddr 192.0.2.0/24", 6: "ip6 saddr 2001:db8:9::/48"}


def _plain(shape: Shape) -> Scenario:
    return at_server(base(shape), shape, None)


def _by_port(shape: Shape) -> Scenario:
    """Of IPv6 alone it is asked; else it would leave out those who come by IPv4."""
    network = listening(shape, service(shape))
    family = ("-6",) if shape.family == 6 else ()
    return at_server(network, shape, None, LOCAL, *family, target=port_alone(shape))


def _both_by_one(shape: Shape) -> Scenario:
    """One socket for both families, bound to ``::``."""
    network = listening(shape, Service(shape.port, address="::", dual=True))
    return at_server(network, shape, None)


def _loopback(shape: Shape) -> Scenario:
    own = LOOPBACK[shape.family]
    network = listening(shape, service(shape, address=own))
    return at_server(network, shape, None, LOCAL, target=written(own, shape))


def _moving(shape: Shape) -> Scenario:
    slow = service(shape, Manner.SLOW, backlog=256, every_s=0.02)
    return at_server(queued(base(shape), shape, slow, 100), shape, None)


def _deferred(shape: Shape) -> Scenario:
    return at_server(listening(shape, service(shape, defer_s=30)), shape, None)


def _guarded(shape: Shape) -> Scenario:
    """The rules refuse others, and let this client in before they drop the rest."""
    network = base(shape)
    source = "ip6 saddr" if shape.family == 6 else "ip saddr"
    rules = [
        f"{_OTHERS[shape.family]} tcp dport {shape.port} drop",
        "tcp dport 9100 reject",
        f"{source} {network.address('client', shape.family)} tcp dport {shape.port} accept",
        "iifname lo accept",
        NEIGHBOURS,
    ]
    guarded = network.with_host("server", firewall=ruleset("drop", input=rules))
    return at_server(guarded, shape, None, LOCAL, *client_of(network, shape))


def _strict(shape: Shape) -> Scenario:
    """The rules let in the client alone, and not even this machine itself."""
    network = base(shape)
    source = "ip6 saddr" if shape.family == 6 else "ip saddr"
    client = network.address("client", shape.family)
    rules = [f"{source} {client} tcp dport {shape.port} accept", NEIGHBOURS]
    guarded = network.with_host("server", firewall=ruleset("drop", input=rules))
    return at_server(guarded, shape, None, LOCAL, *client_of(network, shape))


def _published(shape: Shape) -> Scenario:
    """Nobody listens: NAT hands the port on, as it is done for a container."""
    ip, to = ("ip6", "[2001:db8:9::9]:80") if shape.family == 6 else ("ip", "192.0.2.9:80")
    lines = (
        f"table {ip} nat {{",
        "  chain prerouting {",
        "    type nat hook prerouting priority -100;",
        f'    iifname "eth0" tcp dport {shape.port} dnat to {to}',
        "  }",
        "}",
        "",
    )
    network = listening(shape).with_host("server", firewall="\n".join(lines))
    return at_server(network, shape, None)


FAULTS = (
    server_fault("healthy-server", "the service listens and accepts", None, _plain),
    server_fault("healthy-server-port", "so it does on a port alone", None, _by_port),
    server_fault("healthy-server-dual", "one socket serves both families", None, _both_by_one),
    server_fault("healthy-server-loopback", "loopback is what is asked about", None, _loopback),
    server_fault("healthy-server-queue", "its queue is long, and it moves", None, _moving),
    server_fault("healthy-server-deferred", "it accepts when data has come", None, _deferred),
    server_fault("healthy-server-published", "NAT hands its port on", None, _published),
    server_fault("healthy-server-strict", "its rules let in the client alone", None, _strict),
    server_fault("healthy-server-rules", "its rules let the client in", None, _guarded),
)
