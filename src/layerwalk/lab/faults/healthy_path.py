"""Nothing is wrong, and the routers on the way only look odd."""

from collections.abc import Sequence

from layerwalk.lab.faults.pmtu_blackhole import SMALL, narrowed, silenced
from layerwalk.lab.firewall import TIME_EXCEEDED, TOO_BIG, ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_client,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import End, Host, Impairment, Link, Network
from layerwalk.lab.topology import CLIENT_LAN, EVERYTHING, routes

HALF_WAY_S = 0.15
CLAMP = (
    f"meta nfproto ipv4 tcp flags & (syn | rst) == syn tcp option maxseg size set {SMALL - 40}",
    f"meta nfproto ipv6 tcp flags & (syn | rst) == syn tcp option maxseg size set {SMALL - 60}",
)
# The second way back: from the router after next, past the next one.
BACK_FAR = (("192.0.2.1/30", "2001:db8:3::1/64"), ("192.0.2.2/30", "2001:db8:3::2/64"))
BACK_NEAR = (("192.0.2.5/30", "2001:db8:4::1/64"), ("192.0.2.6/30", "2001:db8:4::2/64"))


def _sound(network: Network, shape: Shape) -> Scenario:
    return Scenario(network, target_address(network, shape), None)


def _with_firewall(shape: Shape, names: Sequence[str], firewall: str) -> Scenario:
    network = base(shape)
    for name in names:
        network = network.with_host(name, firewall=firewall)
    return _sound(network, shape)


def _silent(shape: Shape) -> Scenario:
    rules = [f"{match} drop" for match in TIME_EXCEEDED]
    return _with_firewall(shape, [router(shape)], ruleset(output=rules))


def _all_silent(shape: Shape) -> Scenario:
    rules = [f"{match} drop" for match in TIME_EXCEEDED]
    return _with_firewall(shape, base(shape).routers, ruleset(output=rules))


def _limited(shape: Shape) -> Scenario:
    limit = "limit rate over 1/second burst 1 packets drop"
    rules = [f"{match} {limit}" for match in TIME_EXCEEDED]
    return _with_firewall(shape, base(shape).routers, ruleset(output=rules))


def _lossy(shape: Shape) -> Scenario:
    rules = [f"{match} numgen random mod 2 == 0 drop" for match in TIME_EXCEEDED]
    return _with_firewall(shape, [router(shape)], ruleset(output=rules))


def _strict(shape: Shape) -> Scenario:
    others = f"tcp dport != {shape.port} tcp flags & (syn | ack) == syn drop"
    rules = [others, "ip saddr 192.0.2.0/24 drop", "ip6 saddr 2001:db8:9::/64 drop"]
    return _with_firewall(shape, [router(shape)], ruleset(forward=rules))


def _small(shape: Shape) -> Scenario:
    return _sound(narrowed_for_all(shape), shape)


def narrowed_for_all(shape: Shape) -> Network:
    """Narrow the link at both ends, so that each side knows of it."""
    network = narrowed(shape)
    last = shape.hop == shape.routers
    return network.with_end("server", "eth0", mtu=SMALL) if last else network


def _clamped(shape: Shape) -> Scenario:
    firewall = ruleset(output=TOO_BIG, forward=CLAMP)
    return _sound(silenced(shape).with_host(router(shape), firewall=firewall), shape)


def _far(shape: Shape) -> Scenario:
    """Put a long cable behind the router; on the client's own side where the shape has none."""
    name, interface = (router(shape), "eth1") if shape.hop else ("client", "eth0")
    sends = Impairment(HALF_WAY_S if shape.hop else 2 * HALF_WAY_S)
    network = base(shape).with_end(name, interface, sends=sends)
    if shape.hop:
        last = shape.hop == shape.routers
        other = "server" if last else router(shape, 1)
        network = network.with_end(other, "eth0", sends=sends)
    return _sound(network, shape)


def _asymmetric(shape: Shape) -> Scenario:
    return _sound(asymmetric(shape), shape)


def asymmetric(shape: Shape) -> Network:
    """Send the answers past the next router by a parallel one."""
    near, far = router(shape), router(shape, 2)
    beside = Host(
        "beside",
        router=True,
        routes=routes(CLIENT_LAN, BACK_NEAR[1]) + routes(EVERYTHING, BACK_FAR[0]),
    )
    links = (
        Link((End(far, "eth2", BACK_FAR[0]), End("beside", "eth1", BACK_FAR[1]))),
        Link((End("beside", "eth0", BACK_NEAR[0]), End(near, "eth2", BACK_NEAR[1]))),
    )
    network = base(shape).with_parts((beside,), links)
    return network.with_routes(far, *routes(CLIENT_LAN, BACK_FAR[1]))


FAULTS = (
    Fault("healthy-silent-router", "one router is silent to traces", None, on_path, _silent),
    Fault(
        "healthy-silent-routers", "all routers are silent", None, lambda: at_client(1), _all_silent
    ),
    Fault(
        "healthy-limited", "all routers answer once a second", None, lambda: at_client(1), _limited
    ),
    Fault("healthy-lossy-router", "a router loses half its own answers", None, on_path, _lossy),
    Fault(
        "healthy-strict-router", "a router drops other ports and sources", None, on_path, _strict
    ),
    Fault(
        "healthy-small-mtu", "a link has a small MTU, and its router says so", None, on_path, _small
    ),
    Fault(
        "healthy-clamped-mss", "a small MTU, no word of it, and a clamp", None, on_path, _clamped
    ),
    Fault("healthy-far", "the target is 300 ms away", None, lambda: at_client() + on_path(), _far),
    Fault(
        "healthy-asymmetric",
        "the answers come back by another path",
        None,
        lambda: on_path(short_of_last=2),
        _asymmetric,
    ),
)
