"""Nothing is wrong, and large packets only look as if they got lost."""

from dataclasses import replace

from layerwalk.lab.faults.healthy_path import CLAMP
from layerwalk.lab.faults.pmtu_blackhole import JUMBO, NO_DSACK, SMALL, silenced
from layerwalk.lab.faults.pmtu_blackhole_back import narrowed_back, on_the_way_back, speaking
from layerwalk.lab.firewall import TOO_BIG, ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_client,
    at_target,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Network

LARGE = (
    "meta l4proto { icmp, icmpv6, udp } meta length > 500 drop",
    "ip6 nexthdr ipv6-frag drop",
    "ip frag-off & 0x1fff != 0 drop",
)
NEARLY_FULL = tuple(match.replace("> 500", "> 1300") for match in LARGE)
"""As a narrow link would, but for TCP."""


def _sound(network: Network, shape: Shape) -> Scenario:
    return Scenario(network, target_address(network, shape), None)


def _small_back(shape: Shape) -> Scenario:
    return _sound(narrowed_back(shape), shape)


def _clamped_back(shape: Shape) -> Scenario:
    firewall = ruleset(output=TOO_BIG, forward=CLAMP)
    network = narrowed_back(shape).with_host(router(shape, 1), firewall=firewall)
    return _sound(network, shape)


def _policed(shape: Shape) -> Scenario:
    network = base(shape) if shape.port == 443 else speaking(base(shape), shape)
    return _sound(network.with_host("server", firewall=ruleset(input=LARGE)), shape)


def _policed_on_the_way(shape: Shape) -> Scenario:
    network = base(shape) if shape.port == 443 else speaking(base(shape), shape)
    return _sound(network.with_host(router(shape), firewall=ruleset(forward=LARGE)), shape)


def _policed_like_a_link(shape: Shape) -> Scenario:
    """Have the target show nothing of its segments, on every second of the ports."""
    network = base(shape).with_host(router(shape), firewall=ruleset(forward=NEARLY_FULL))
    if shape.port == 443:
        network = network.with_host("server", sysctls=NO_DSACK)
    return _sound(network, shape)


def _without_dsack(shape: Shape) -> Scenario:
    return _sound(base(shape).with_host("server", sysctls=NO_DSACK), shape)


def _clamped_without_dsack(shape: Shape) -> Scenario:
    firewall = ruleset(output=TOO_BIG, forward=CLAMP)
    network = silenced(shape).with_host(router(shape), firewall=firewall)
    return _sound(network.with_host("server", sysctls=NO_DSACK), shape)


def _jumbo(shape: Shape) -> Scenario:
    """Give the client an interface for larger packets than its link carries."""
    return _sound(base(shape).with_end("client", "eth0", mtu=JUMBO), shape)


def _kept_small(shape: Shape) -> Scenario:
    """Have the client's route keep to what the link takes: both ends then send no more."""
    network = silenced(shape)
    ways = tuple(replace(way, mtu=SMALL) for way in network.host("client").routes)
    return _sound(network.with_routes("client", *ways), shape)


FAULTS = (
    Fault(
        "healthy-small-mtu-back",
        "the way back has a small MTU, and its router says so",
        None,
        on_the_way_back,
        _small_back,
    ),
    Fault(
        "healthy-clamped-mss-back",
        "a small MTU on the way back, no word of it, and a clamp",
        None,
        on_the_way_back,
        _clamped_back,
    ),
    Fault(
        "healthy-policed",
        "the target drops large echoes and datagrams",
        None,
        at_target,
        _policed,
    ),
    Fault(
        "healthy-policed-on-path",
        "a router drops large echoes and datagrams",
        None,
        on_path,
        _policed_on_the_way,
    ),
    Fault(
        "healthy-policed-like-a-link",
        "a router drops echoes and datagrams of the sizes that a narrow link would drop",
        None,
        on_path,
        _policed_like_a_link,
    ),
    Fault(
        "healthy-no-dsack",
        "the target's TCP has no selective acknowledgements",
        None,
        at_target,
        _without_dsack,
    ),
    Fault(
        "healthy-clamped-no-dsack",
        "a small MTU, no word of it, a clamp, and no selective acknowledgements",
        None,
        on_path,
        _clamped_without_dsack,
    ),
    Fault(
        "healthy-route-mtu",
        "a small MTU, no word of it, and a route here that keeps to it",
        None,
        on_path,
        _kept_small,
    ),
    Fault(
        "healthy-jumbo",
        "the client's interface takes larger packets than its link",
        None,
        at_client,
        _jumbo,
    ),
)
