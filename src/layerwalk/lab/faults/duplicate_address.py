"""Somebody else on the client's link has the address of the next hop: the gateway, or the server.

Who answers first is settled by a cable that delays the other one's frames. A kernel keeps the first
answer of ARP, and the last one of neighbour discovery.
"""

from collections.abc import Callable
from dataclasses import replace

from layerwalk.lab.firewall import NEIGHBOURS, ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.spec import End, Host, Impairment, Network, Service
from layerwalk.lab.topology import EVERYTHING, GATEWAY, NEIGHBOUR, Pair, routes

CAUSE = "duplicate-address"
WHERE = {"kind": "local", "interface": "eth0"}
LATER_S = 0.02
BESIDE = ("198.51.100.2/24", "2001:db8:1::2/64")
"""A second address of the gateway or the server, for whoever hands packets on to it."""
ALONE = ("198.51.100.3/24", "2001:db8:1::3/64")

REDIRECTS = (
    ("net.ipv4.conf.all.send_redirects", "0"),
    ("net.ipv4.conf.eth0.send_redirects", "0"),
)
NO_REDIRECT = "icmpv6 type nd-redirect drop"


def claimed(shape: Shape) -> Pair:
    """Return the addresses that are there twice: those of the next hop."""
    return GATEWAY if shape.routers else NEIGHBOUR


def owner(shape: Shape) -> str:
    """Return who has them by right."""
    return "r1" if shape.routers else "server"


def on_lan(network: Network, *hosts: Host, ends: tuple[End, ...]) -> Network:
    """Plug more ends into the client's link, of these hosts or of those that are there."""
    links = tuple(
        replace(link, ends=link.ends + ends) if link.name == "lan" else link
        for link in network.links
    )
    return replace(network, hosts=network.hosts + hosts, links=links)


def _twin(shape: Shape, *, first: bool, twin: Host, own: tuple[str, ...] = ()) -> Scenario:
    """Put a twin on the link that answers first, or after the owner; ``own`` it has alone."""
    network = base(shape)
    late = Impairment(LATER_S)
    end = End("twin", "eth0", own + claimed(shape), sends=None if first else late)
    network = on_lan(network, twin, ends=(end,))
    if first:
        network = network.with_end(owner(shape), "eth0", sends=late)
    return Scenario(network, target_address(base(shape), shape), CAUSE, WHERE)


def _late(shape: Shape) -> Scenario:
    return _twin(shape, first=False, twin=Host("twin"))


def _first(shape: Shape) -> Scenario:
    return _twin(shape, first=True, twin=Host("twin"))


def _mute(shape: Shape, *, first: bool) -> Scenario:
    firewall = ruleset("drop", input=[NEIGHBOURS])
    return _twin(shape, first=first, twin=Host("twin", firewall=firewall))


def _mute_late(shape: Shape) -> Scenario:
    return _mute(shape, first=False)


def _mute_first(shape: Shape) -> Scenario:
    return _mute(shape, first=True)


def _alike(shape: Shape) -> Scenario:
    """A twin that works as well: a second server, or a router that knows the way."""
    twin = Host("twin", services=(Service(shape.port),))
    if shape.routers:
        twin = _forwarder("twin")
    found = _twin(shape, first=False, twin=twin, own=ALONE)
    return replace(found, network=_with_second_address(found.network, shape))


def _forwarder(name: str) -> Host:
    """A router that hands all on to the owner's second address, and keeps that to itself."""
    return Host(
        name,
        router=True,
        routes=routes(EVERYTHING, BESIDE),
        sysctls=REDIRECTS,
        firewall=ruleset(output=[NO_REDIRECT]),
    )


def _with_second_address(network: Network, shape: Shape) -> Network:
    own = network.end(owner(shape), "eth0").addresses
    return network.with_end(owner(shape), "eth0", addresses=own + BESIDE)


def _two_ports(shape: Shape) -> Scenario:
    """The owner has a second port on the link, by which it answers for all of its addresses."""
    network = on_lan(base(shape), ends=(End(owner(shape), "eth9", BESIDE),))
    return Scenario(network, target_address(base(shape), shape), None)


def _proxy(shape: Shape) -> Scenario:
    """A router on the link answers for the next hop, too, and hands on what it gets."""
    network = base(shape)
    proxy = Host(
        "proxy",
        router=True,
        sysctls=(
            *REDIRECTS,
            ("net.ipv4.conf.eth0.proxy_arp_pvlan", "1"),
            ("net.ipv4.neigh.eth0.proxy_delay", "0"),
            ("net.ipv6.conf.eth0.proxy_ndp", "1"),
            ("net.ipv6.neigh.eth0.proxy_delay", "0"),
        ),
        neighbours=(f"proxy {claimed(shape)[1].partition('/')[0]} dev eth0",),
        routes=routes(EVERYTHING, claimed(shape)),
        firewall=ruleset(output=[NO_REDIRECT]),
    )
    network = on_lan(network, proxy, ends=(End("proxy", "eth0", BESIDE),))
    return Scenario(network, target_address(base(shape), shape), None)


def _fault(name: str, title: str, build: Callable[[Shape], Scenario]) -> Fault:
    cause = CAUSE if name.startswith(CAUSE) else None
    return Fault(name, title, cause, at_client, build)


FAULTS = (
    _fault(CAUSE, "a second machine has the next hop's address, and answers later", _late),
    _fault(f"{CAUSE}-first", "a second machine has the next hop's address, and is faster", _first),
    _fault(f"{CAUSE}-mute", "a second machine with the address drops all, later", _mute_late),
    _fault(f"{CAUSE}-mute-first", "a second machine with the address drops all", _mute_first),
    _fault(f"{CAUSE}-alike", "a second machine with the address works as well", _alike),
    _fault("healthy-two-ports", "the next hop answers for its address from two ports", _two_ports),
    _fault("healthy-proxy-arp", "a router answers for the next hop, and hands on", _proxy),
)
