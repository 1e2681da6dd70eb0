"""Nothing is wrong, and paths divide, differ from each other, or look otherwise than they are."""

from collections.abc import Callable
from ipaddress import ip_interface

from layerwalk.lab.firewall import NEIGHBOURS, TIME_EXCEEDED, ruleset
from layerwalk.lab.parallel import BY_ADDRESSES, Fan, beside, fanned
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Network
from layerwalk.lab.topology import CLIENT, bare, middle, routes

LONGER_S = 0.04
SILENT = ruleset(output=[f"{match} drop" for match in TIME_EXCEEDED])
HIDDEN = """table inet nat {
  chain after {
    type nat hook postrouting priority 100; policy accept;
    oifname "eth1" masquerade
  }
}
"""
ALIAS = ("192.0.2.99", "2001:db8:3::99")


def _sound(network: Network, shape: Shape) -> Scenario:
    return Scenario(network, target_address(network, shape), None)


def _parallel(fan: Fan) -> Callable[[Shape], Scenario]:
    return lambda shape: _sound(fanned(shape, fan), shape)


def _silent(shape: Shape) -> Scenario:
    return _sound(fanned(shape, Fan(3)).with_host(beside(2), firewall=SILENT), shape)


def _translated(shape: Shape) -> Scenario:
    """Translate on the way out of a router; those behind it know the way back to its address."""
    network = base(shape).with_host(router(shape), firewall=HIDDEN)
    prefixes = tuple(str(ip_interface(end).network) for end in middle(shape.hop)[0])
    for number in range(shape.hop + 2, shape.routers + 1):
        back = routes((prefixes[0], prefixes[1]), middle(number - 1)[0])
        name = f"r{number}"
        network = network.with_host(name, routes=network.host(name).routes + back)
    return _sound(network, shape)


def _swapped(shape: Shape) -> Scenario:
    """Put another address in the client's place, packet by packet, and leave quotes as they are."""
    network = base(shape)
    own = bare(CLIENT)
    rules = [
        rule
        for word, mine, other in zip(("ip", "ip6"), own, ALIAS, strict=True)
        for rule in (
            f'iifname "eth0" {word} saddr {mine} {word} saddr set {other}',
            f'iifname "eth1" {word} daddr {other} {word} daddr set {mine}',
        )
    ]
    head = "  chain before {\n    type filter hook prerouting priority -300; policy accept;\n"
    body = "".join(f"    {rule}\n" for rule in (NEIGHBOURS, *rules))
    firewall = f"table inet swap {{\n{head}{body}  }}\n}}\n"
    network = network.with_host(router(shape), firewall=firewall)
    for number in range(shape.hop + 1, shape.routers + 1):
        back = routes((f"{ALIAS[0]}/32", f"{ALIAS[1]}/128"), middle(number - 1)[0])
        name = f"r{number}"
        network = network.with_host(name, routes=network.host(name).routes + back)
    return _sound(network, shape)


def _places() -> tuple[Shape, ...]:
    return on_path(short_of_last=2)


FAULTS = (
    Fault("healthy-parallel", "two paths are parallel", None, _places, _parallel(Fan(2))),
    Fault("healthy-parallel-eight", "eight paths are parallel", None, _places, _parallel(Fan(8))),
    Fault(
        "healthy-parallel-longer",
        "one of three parallel paths is two routers longer",
        None,
        _places,
        _parallel(Fan(3, longer=2)),
    ),
    Fault(
        "healthy-parallel-slower",
        "one of two parallel paths takes 40 ms longer",
        None,
        _places,
        _parallel(Fan(2, delay_s=LONGER_S)),
    ),
    Fault(
        "healthy-parallel-by-address",
        "paths are parallel, and each pair of addresses keeps to one of them",
        None,
        _places,
        _parallel(Fan(4, policy=BY_ADDRESSES)),
    ),
    Fault(
        "healthy-parallel-silent",
        "on one of three parallel paths the router is silent to traces",
        None,
        _places,
        _silent,
    ),
    Fault(
        "healthy-translated",
        "a router puts its own address in the place of the client's",
        None,
        on_path,
        _translated,
    ),
    Fault(
        "healthy-swapped",
        "a router swaps the client's address for another one, and what is quoted shows it",
        None,
        lambda: on_path(short_of_last=1),
        _swapped,
    ),
)
