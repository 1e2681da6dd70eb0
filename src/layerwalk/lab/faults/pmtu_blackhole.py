"""A link takes only small packets, and the messages that would say so are lost."""

from layerwalk.lab.firewall import TOO_BIG, ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    after,
    at_client,
    base,
    on_path,
    on_path_after,
    router,
    target_address,
)
from layerwalk.lab.spec import Network

CAUSE = "pmtu-blackhole"
SMALL = 1300
JUMBO = 9000
NO_DSACK = (("net.ipv4.tcp_dsack", "0"), ("net.ipv4.tcp_sack", "0"))


def narrowed(shape: Shape) -> Network:
    """Return the shape's network with a small MTU on the link after the router.

    The target's own interface keeps its MTU, or it would ask for small segments and all be well.
    """
    network = base(shape).with_end(router(shape), "eth1", mtu=SMALL)
    if shape.hop == shape.routers:
        return network
    return network.with_end(router(shape, 1), "eth0", mtu=SMALL)


def silenced(shape: Shape) -> Network:
    """Return the narrowed network with no "too big" leaving the routers at that link."""
    network = narrowed(shape)
    for name in {router(shape), f"r{min(shape.hop + 1, shape.routers)}"}:
        network = network.with_host(name, firewall=ruleset(output=TOO_BIG))
    return network


def _silent(shape: Shape) -> Scenario:
    network = silenced(shape)
    return Scenario(network, target_address(network, shape), CAUSE, after(network, shape))


def _filtered(shape: Shape) -> Scenario:
    network = narrowed(shape).with_host("r1", firewall=ruleset(forward=TOO_BIG))
    return Scenario(network, target_address(network, shape), CAUSE, after(network, shape))


def _deaf(shape: Shape) -> Scenario:
    """Have the client's own firewall drop what the router says."""
    network = narrowed(shape).with_host("client", firewall=ruleset(input=TOO_BIG))
    return Scenario(network, target_address(network, shape), CAUSE, after(network, shape))


def _jumbo(shape: Shape) -> Scenario:
    """Give everyone large packets but the first router, at whose door they are dropped."""
    network = base(shape)
    for end in (end for link in network.links for end in link.ends):
        small = (end.host, end.interface) == ("r1", "eth0")
        network = network.with_end(end.host, end.interface, mtu=end.mtu if small else JUMBO)
    where = on_path_after(network, shape, 0)
    return Scenario(network, target_address(network, shape), CAUSE, where)


def _without_dsack(shape: Shape) -> Scenario:
    """Have the target's TCP show nothing of old segments, so that others must tell."""
    network = silenced(shape).with_host("server", sysctls=NO_DSACK)
    return Scenario(network, target_address(network, shape), CAUSE, after(network, shape))


FAULTS = (
    Fault(
        CAUSE,
        'a link has a small MTU, and its router does not say "too big"',
        CAUSE,
        on_path,
        _silent,
    ),
    Fault(
        "pmtu-blackhole-filtered",
        'a link has a small MTU, and an earlier router drops the "too big" answers',
        CAUSE,
        lambda: on_path(2),
        _filtered,
    ),
    Fault(
        "pmtu-blackhole-deaf",
        'a link has a small MTU, and this machine\'s firewall drops the "too big" answers',
        CAUSE,
        on_path,
        _deaf,
    ),
    Fault(
        "pmtu-blackhole-no-dsack",
        "a link has a small MTU, nobody says so, and the target has no selective acknowledgements",
        CAUSE,
        on_path,
        _without_dsack,
    ),
    Fault(
        "pmtu-blackhole-jumbo",
        "this machine and the target send larger packets than the first link takes",
        CAUSE,
        lambda: at_client(1),
        _jumbo,
    ),
)
