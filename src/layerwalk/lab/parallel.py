"""Parallel paths: routers side by side between two of the row, chosen among by the flow.

    r1 ── … ── rH ─┬─ rH+1 ─┬─ rH+2 ── … ── server
                   ├─ beside2 ─┤
                   └─ beside3 ─┘

Linux chooses by a hash: of both addresses (policy 0; in IPv6 of the flow label, too), or of both
ports as well (policy 1; net.ipv4.fib_multipath_hash_policy in the kernel's ip-sysctl).

Between namespaces a packet takes with it what its sender's socket was hashed to, and a router that
finds a hash makes none (fib_multipath_hash in net/ipv4/route.c). On real cables it is lost; so
packets reach the routers that choose by lines that carry bytes and nothing else.
"""

from dataclasses import dataclass, replace

from layerwalk.lab.shapes import Shape, base, router
from layerwalk.lab.spec import End, Host, Impairment, Link, Network
from layerwalk.lab.topology import CLIENT_LAN, EVERYTHING, Pair, bare, routes

BY_PORTS, BY_ADDRESSES = 1, 0
CABLE = Impairment()


@dataclass(frozen=True)
class Fan:
    """How many paths there are, and in which directions packets are spread over them.

    `longer` is by how many routers the last path is longer than the others; `delay_s` is how long
    a round trip takes more on every path but the row's own.
    """

    paths: int = 2
    out: bool = True
    back: bool = True
    policy: int = BY_PORTS
    longer: int = 0
    delay_s: float = 0.0


def fanned(shape: Shape, fan: Fan) -> Network:
    """Put routers beside the one behind the shape's hop."""
    network = base(shape)
    numbers = range(2, fan.paths + 1)
    for number in numbers:
        more = fan.longer if number == fan.paths else 0
        network = _with_path(network, shape, number, more, fan)
    first, last = router(shape), router(shape, 2)
    if fan.out:
        network = _spread(network, first, EVERYTHING, [_entry(it)[1] for it in numbers])
        network = network.with_end(first, "eth0", sends=CABLE)
    if fan.back:
        network = _spread(network, last, CLIENT_LAN, [_exit(it)[0] for it in numbers])
        network = network.with_end(last, "eth1", sends=CABLE)
    policies = tuple((f"net.ipv{v}.fib_multipath_hash_policy", str(fan.policy)) for v in (4, 6))
    for name in (first, last):
        network = network.with_host(name, sysctls=network.host(name).sysctls + policies)
    return network


def beside(number: int, further: int = 0) -> str:
    """Return the name of a router on the path of this number (2 is the first beside the row)."""
    return f"beside{number}" + (f"-{further}" if further else "")


def addresses(network: Network, *names: str) -> tuple[str, ...]:
    """Return every address of these routers: which one answers depends on the way back."""
    ends = [end for name in names for end in network.ends(name)]
    found = [end.address(family) for end in ends for family in (4, 6)]
    return tuple(address for address in found if address)


def _entry(number: int) -> tuple[Pair, Pair]:
    """Return both ends of the link that leads to a path."""
    near = (f"198.19.{number}.1/30", f"2001:db8:{200 + number}::1/64")
    far = (f"198.19.{number}.2/30", f"2001:db8:{200 + number}::2/64")
    return near, far


def _exit(number: int) -> tuple[Pair, Pair]:
    """Return both ends of the link that leads from a path back to the row."""
    near = (f"198.19.{100 + number}.1/30", f"2001:db8:{300 + number}::1/64")
    far = (f"198.19.{100 + number}.2/30", f"2001:db8:{300 + number}::2/64")
    return near, far


def _inner(step: int) -> tuple[Pair, Pair]:
    """Return both ends of a link within the long path."""
    near = (f"198.19.{200 + step}.1/30", f"2001:db8:{400 + step}::1/64")
    far = (f"198.19.{200 + step}.2/30", f"2001:db8:{400 + step}::2/64")
    return near, far


def _with_path(network: Network, shape: Shape, number: int, more: int, fan: Fan) -> Network:
    """Add one path: its first router, those that make it longer, and their links."""
    names = [beside(number, step) for step in range(more + 1)]
    stops = [router(shape), *names, router(shape, 2)]
    cables = [_entry(number), *(_inner(step) for step in range(1, more + 1)), _exit(number)]
    links = []
    for place, (near, far) in enumerate(cables):
        first, last = place == 0, place == len(cables) - 1
        slow = Impairment(fan.delay_s / 2) if first and fan.delay_s else None
        left = End(stops[place], f"eth{number}" if first else "eth1", near, sends=slow)
        right = End(stops[place + 1], f"eth{number}" if last else "eth0", far, sends=slow)
        links.append(Link((left, right)))
    hosts = tuple(
        Host(name, router=True, routes=routes(EVERYTHING, after[1]) + routes(CLIENT_LAN, before[0]))
        for name, before, after in zip(names, cables, cables[1:], strict=False)
    )
    return network.with_parts(hosts, tuple(links))


def _spread(network: Network, name: str, prefixes: Pair, gateways: list[Pair]) -> Network:
    """Give a router's own routes to these prefixes further gateways."""
    own = network.host(name).routes
    spread = []
    for family, prefix in enumerate(prefixes):
        more = tuple(bare(pair)[family] for pair in gateways)
        spread += [replace(route, beside=more) for route in own if route.to == prefix]
    return network.with_routes(name, *spread)
