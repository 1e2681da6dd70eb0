"""A name with several addresses, of which some don't work; and look-alikes."""

from collections.abc import Sequence

from layerwalk.lab.faults.hosts_file_override import NOBODY, SECOND, beside, with_second_address
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_client,
    base,
    on_path,
    router,
)
from layerwalk.lab.spec import (
    End,
    Family,
    Host,
    Impairment,
    Link,
    NameServer,
    Network,
    Record,
    Route,
    RouteType,
    Service,
)
from layerwalk.lab.topology import (
    EVERYTHING,
    LAST_GATEWAY,
    bare,
    resolving_over,
    routes,
    server_address,
    with_name_server,
)

CAUSE = "address-unusable"
SEVERAL = "several.lab.test"
MANY = 12
SLOW_S = 0.4
KINDS: dict[Family, str] = {4: "A", 6: "AAAA"}


def named(network: Network, shape: Shape, *addresses: str) -> Network:
    """Give the name these addresses, and no others."""
    records = tuple(Record(SEVERAL, "AAAA" if ":" in it else "A", it) for it in addresses)
    server = NameServer(records)
    return resolving_over(with_name_server(network, server), shape.family)


def _some_fail(network: Network, shape: Shape, dead: str, *others: str) -> Scenario:
    where = {"kind": "host", "address": dead}
    return Scenario(named(network, shape, dead, *others), f"{SEVERAL}:{shape.port}", CAUSE, where)


def _own(shape: Shape, family: Family | None = None) -> str:
    return base(shape).address("server", family or shape.family)


def _nobody(shape: Shape) -> Scenario:
    return _some_fail(base(shape), shape, beside(NOBODY, shape), _own(shape))


def _shielded(shape: Shape, verdict: str) -> Scenario:
    """Have the target's firewall treat the second address so."""
    kind, second = "ip6" if shape.family == 6 else "ip", beside(SECOND, shape)
    rule = f"{kind} daddr {second} tcp dport {shape.port} {verdict}"
    network = with_second_address(base(shape), shape)
    network = network.with_host("server", firewall=ruleset(input=[rule]))
    return _some_fail(network, shape, second, _own(shape))


def _closed(shape: Shape) -> Scenario:
    """Let the service listen on one of the target's addresses only."""
    network = with_second_address(base(shape), shape)
    service = Service(shape.port, address=_own(shape))
    network = network.with_host("server", services=(service,))
    return _some_fail(network, shape, beside(SECOND, shape), _own(shape))


def _other_family(shape: Shape) -> Scenario:
    """Break one family for good, on the target's side: nobody has that address."""
    other: Family = 4 if shape.family == 6 else 6
    return _some_fail(base(shape), shape, beside(NOBODY, shape), _own(shape, other))


def _family_dropped(shape: Shape) -> Scenario:
    """Drop one whole family at a router."""
    other: Family = 4 if shape.family == 6 else 6
    kind = "ipv6" if shape.family == 6 else "ipv4"
    rule = f"meta nfproto {kind} tcp dport {shape.port} drop"
    network = base(shape).with_host(router(shape), firewall=ruleset(forward=[rule]))
    return _some_fail(network, shape, _own(shape), _own(shape, other))


def _rejected_here(shape: Shape) -> Scenario:
    """Have a route of this machine's refuse one address."""
    second = beside(SECOND, shape)
    prefix = f"{second}/{128 if ':' in second else 32}"
    network = with_second_address(base(shape), shape)
    network = network.with_routes("client", Route(prefix, type=RouteType.UNREACHABLE))
    return _some_fail(network, shape, second, _own(shape))


def numbered(shape: Shape, count: int = MANY) -> tuple[tuple[str, ...], Network]:
    """Return so many addresses of the server, and the network in which it has them all."""
    v4, v6 = bare(server_address(shape.routers))
    stem = v6.rpartition("::")[0] + "::a:" if shape.family == 6 else v4.rpartition(".")[0] + "."
    first = 1 if shape.family == 6 else 201
    found = tuple(f"{stem}{first + number}" for number in range(count))
    prefix = 64 if shape.family == 6 else 24
    network = base(shape)
    end = network.ends("server")[0]
    every = (*end.addresses, *(f"{address}/{prefix}" for address in found))
    return found, network.with_end("server", end.interface, addresses=every)


def _one_of_many(shape: Shape) -> Scenario:
    every, network = numbered(shape)
    kind = "ip6" if shape.family == 6 else "ip"
    rule = f"{kind} daddr {every[-1]} tcp dport {shape.port} drop"
    network = network.with_host("server", firewall=ruleset(input=[rule]))
    where = {"kind": "host", "address": every[-1]}
    return Scenario(named(network, shape, *every), f"{SEVERAL}:{shape.port}", CAUSE, where)


def _sound(network: Network, shape: Shape, addresses: Sequence[str]) -> Scenario:
    return Scenario(named(network, shape, *addresses), f"{SEVERAL}:{shape.port}", None)


def _all_work(shape: Shape) -> Scenario:
    every, network = numbered(shape)
    return _sound(network, shape, every)


def _no_route(shape: Shape) -> Scenario:
    """Take away the default route of one family: nobody tries its addresses."""
    other: Family = 4 if shape.family == 6 else 6
    network = base(shape).without_routes("client", EVERYTHING[other == 6])
    return _sound(network, shape, (_own(shape), _own(shape, other)))


def _slow(shape: Shape) -> Scenario:
    """Put another server behind a long cable on the target's link."""
    pair = NOBODY[min(shape.routers, 1)]
    sends = Impairment(SLOW_S)
    slow = Host(
        "slow",
        routes=routes(EVERYTHING, LAST_GATEWAY) if shape.routers else (),
        services=(Service(shape.port),),
    )
    network = base(shape)
    links = tuple(
        Link((*link.ends, End("slow", "eth0", pair, sends=sends)), "target")
        if any(end.host == "server" for end in link.ends)
        else link
        for link in network.links
    )
    network = Network((*network.hosts, slow), links, network.routers)
    return _sound(network, shape, (_own(shape), beside(NOBODY, shape)))


def _all_fail(shape: Shape) -> Scenario:
    network = with_second_address(base(shape), shape).with_host("server", services=())
    known = named(network, shape, beside(SECOND, shape), _own(shape))
    return Scenario(known, f"{SEVERAL}:{shape.port}", "port-closed", {"kind": "host"})


FAULTS = (
    Fault(CAUSE, "one of the name's addresses is nobody's", CAUSE, at_client, _nobody),
    Fault(
        f"{CAUSE}-dropped",
        "a firewall drops connections to one of the name's addresses",
        CAUSE,
        at_client,
        lambda shape: _shielded(shape, "drop"),
    ),
    Fault(
        f"{CAUSE}-rejected",
        "a firewall refuses connections to one of the name's addresses",
        CAUSE,
        at_client,
        lambda shape: _shielded(shape, "reject with icmpx type admin-prohibited"),
    ),
    Fault(
        f"{CAUSE}-closed",
        "nothing listens on one of the name's addresses",
        CAUSE,
        at_client,
        _closed,
    ),
    Fault(
        f"{CAUSE}-family",
        "the name's address of one family is nobody's",
        CAUSE,
        at_client,
        _other_family,
    ),
    Fault(
        f"{CAUSE}-family-dropped",
        "a router drops connections of one family",
        CAUSE,
        on_path,
        _family_dropped,
    ),
    Fault(
        f"{CAUSE}-route",
        "this machine has a route that refuses one of the name's addresses",
        CAUSE,
        at_client,
        _rejected_here,
    ),
    Fault(
        f"{CAUSE}-many",
        "a firewall drops connections to the last of the name's twelve addresses",
        CAUSE,
        at_client,
        _one_of_many,
    ),
    Fault(
        "port-closed-everywhere",
        "nothing listens on any of the name's addresses",
        "port-closed",
        at_client,
        _all_fail,
    ),
    Fault("healthy-addresses", "all twelve addresses of the name work", None, at_client, _all_work),
    Fault(
        "healthy-address-no-route",
        "the name has an address of a family that this machine has no route for",
        None,
        lambda: at_client(1),
        _no_route,
    ),
    Fault(
        "healthy-address-slow",
        "the second address of the name is slow, and works",
        None,
        at_client,
        _slow,
    ),
)
