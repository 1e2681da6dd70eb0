"""Two things are wrong, each by itself: both are to be told, first what a program meets first."""

from layerwalk.lab.faults import gateway_unreachable, pmtu_blackhole
from layerwalk.lab.faults.address_unusable import SEVERAL
from layerwalk.lab.faults.hosts_file_override import CAUSE as HOSTS_FILE
from layerwalk.lab.faults.hosts_file_override import NOBODY, beside, listed
from layerwalk.lab.faults.resolver_failing import two
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    after,
    at_client,
    at_target,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import NameServer, Network
from layerwalk.lab.topology import NAME, known_records

DROP = "firewall-drop"


def _dropping(network: Network, shape: Shape, host: str, hook: str) -> Network:
    return network.with_host(
        host, firewall=ruleset("accept", **{hook: [f"tcp dport {shape.port} drop"]})
    )


def _off(network: Network) -> Network:
    return network.with_end("server", "eth0", up=False)


def _hosts_file(shape: Shape) -> Scenario:
    """Lead astray by the hosts file, and drop the port for whoever gets it right."""
    network = listed(_dropping(base(shape), shape, router(shape), "forward"), beside(NOBODY, shape))
    where = {"kind": "local", "file": "/etc/hosts"}
    return Scenario(network, f"{NAME}:{shape.port}", HOSTS_FILE, where, also=(DROP,))


def _host_down(shape: Shape) -> Scenario:
    """Drop the port on the way to a target that is off."""
    network = _off(_dropping(base(shape), shape, router(shape), "forward"))
    target = target_address(network, shape)
    where = {"kind": "path", "after": after(base(shape), shape)["after"]}
    return Scenario(network, target, DROP, where, also=("host-down",))


def _own_rule_and_host(shape: Shape) -> Scenario:
    network = _off(_dropping(base(shape), shape, "client", "output"))
    target = target_address(network, shape)
    return Scenario(network, target, DROP, {"kind": "local"}, also=("host-down",))


def _own_rule_and_gateway(shape: Shape) -> Scenario:
    broken = gateway_unreachable.FAULTS[0].apply(shape)
    network = _dropping(broken.network, shape, "client", "output")
    also = ("gateway-unreachable",)
    return Scenario(network, broken.target, DROP, {"kind": "local"}, also=also)


def _own_rule_and_closed(shape: Shape) -> Scenario:
    """Refuse here what nobody listens for there."""
    rule = f"tcp dport {shape.port} reject"
    network = base(shape).with_host("client", firewall=ruleset(output=[rule]))
    network = network.with_host("server", services=())
    where = {"kind": "local", "rule": rule}
    return Scenario(network, target_address(network, shape), "firewall-reject", where)


def _hole_before_address(shape: Shape) -> Scenario:
    """Lose large packets to the first address; nobody has the second.

    Only the hosts file knows the name: its order is kept, a nameserver turns them round.
    """
    hole = pmtu_blackhole.FAULTS[0].apply(shape)
    own, dead = hole.network.address("server", shape.family), beside(NOBODY, shape)
    network = listed(hole.network, own, dead, name=SEVERAL)
    target = f"{SEVERAL}:{shape.port}"
    return Scenario(network, target, hole.cause, hole.where, also=("address-unusable",))


def _address_before_hole(shape: Shape) -> Scenario:
    """Nobody has the first address; large packets to the second are lost."""
    hole = pmtu_blackhole.FAULTS[0].apply(shape)
    own, dead = hole.network.address("server", shape.family), beside(NOBODY, shape)
    network = listed(hole.network, dead, own, name=SEVERAL)
    where = {"kind": "host", "address": dead}
    also = (pmtu_blackhole.CAUSE,)
    return Scenario(network, f"{SEVERAL}:{shape.port}", "address-unusable", where, also=also)


def _nameserver_and_closed(shape: Shape) -> Scenario:
    """One nameserver of two fails, which costs nothing; nothing listens, which costs all."""
    known = known_records(base(shape))
    network = two(shape, NameServer(known, rcode="SERVFAIL"), NameServer(known))
    closed = network.with_host("server", services=())
    return Scenario(closed, f"{NAME}:{shape.port}", "port-closed", {"kind": "host"})


FAULTS = (
    Fault(
        f"{HOSTS_FILE}-and-drop",
        "the hosts file leads to an address that nobody has, and a router drops the port",
        HOSTS_FILE,
        on_path,
        _hosts_file,
    ),
    Fault(
        f"{DROP}-and-host-down",
        "a router drops the port, and the target is off",
        DROP,
        lambda: on_path(short_of_last=1),
        _host_down,
    ),
    Fault(
        f"{DROP}-client-and-host-down",
        "this machine's own firewall drops the port, and the target is off",
        DROP,
        at_client,
        _own_rule_and_host,
    ),
    Fault(
        f"{DROP}-client-and-gateway",
        "this machine's own firewall drops the port, and nobody has the gateway's address",
        DROP,
        lambda: at_client(1),
        _own_rule_and_gateway,
    ),
    Fault(
        "firewall-reject-client-and-closed",
        "this machine's own firewall rejects the port, and nothing listens there",
        "firewall-reject",
        at_target,
        _own_rule_and_closed,
    ),
    Fault(
        "pmtu-blackhole-and-address",
        "large packets to the name's first address vanish, and the second is nobody's",
        pmtu_blackhole.CAUSE,
        on_path,
        _hole_before_address,
    ),
    Fault(
        "address-unusable-and-hole",
        "the name's first address is nobody's, and large packets to the second vanish",
        "address-unusable",
        on_path,
        _address_before_hole,
    ),
    Fault(
        "port-closed-and-nameserver",
        "one of two nameservers fails, and nothing listens on the port",
        "port-closed",
        at_target,
        _nameserver_and_closed,
    ),
)
