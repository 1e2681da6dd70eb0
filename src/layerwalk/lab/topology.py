"""The usual network: a client, a row of routers and a server, with a name server beside the client.

    client ─┬─ r1 ── r2 ── … ── rN ── server
           dns

With no router the server is on the client's own link. Every address is one of those set aside for
documentation and benchmarks (RFC 5737, RFC 3849, RFC 2544).
"""

from dataclasses import replace

from layerwalk.lab.spec import (
    HOSTS_FILE,
    End,
    Host,
    Link,
    NameServer,
    Network,
    Record,
    Route,
    Service,
)

PORT = 5432
NAME = "server.lab.test"

CLIENT_LAN = ("198.51.100.0/24", "2001:db8:1::/64")
SERVER_LAN = ("203.0.113.0/24", "2001:db8:2::/64")
EVERYTHING = ("0.0.0.0/0", "::/0")
CLIENT = ("198.51.100.10/24", "2001:db8:1::10/64")
DNS = ("198.51.100.53/24", "2001:db8:1::53/64")
GATEWAY = ("198.51.100.1/24", "2001:db8:1::1/64")
NEIGHBOUR = ("198.51.100.80/24", "2001:db8:1::80/64")  # the server, where it is next door
SERVER = ("203.0.113.10/24", "2001:db8:2::10/64")
LAST_GATEWAY = ("203.0.113.1/24", "2001:db8:2::1/64")

Pair = tuple[str, str]


def line(routers: int, port: int = PORT) -> Network:
    """Build a client, so many routers and a server with a silent listener on this port."""
    names = tuple(f"r{number}" for number in range(1, routers + 1))
    hosts = (
        _client(routers),
        _dns(routers),
        *(_router(number, routers) for number in range(1, routers + 1)),
        _server(routers, port),
    )
    return Network(hosts, tuple(_links(routers)), names)


def server_address(routers: int) -> Pair:
    """Return the server's two addresses, with prefixes."""
    return SERVER if routers else NEIGHBOUR


def middle(link: int) -> tuple[Pair, Pair]:
    """Return the addresses of both ends of the link between router `link` and the next."""
    near = (f"198.18.{link}.1/30", f"2001:db8:{100 + link}::1/64")
    far = (f"198.18.{link}.2/30", f"2001:db8:{100 + link}::2/64")
    return near, far


def bare(pair: Pair) -> Pair:
    """Take the prefixes off two addresses."""
    return pair[0].partition("/")[0], pair[1].partition("/")[0]


def routes(prefixes: Pair, gateways: Pair) -> tuple[Route, ...]:
    """Return a route to each of these prefixes by each of these gateways, one of each family."""
    pairs = zip(prefixes, bare(gateways), strict=True)
    return tuple(Route(to, via=via) for to, via in pairs)


def _client(routers: int) -> Host:
    hosts = "".join(f"{address} client\n" for address in bare(CLIENT))
    return Host(
        "client",
        routes=routes(EVERYTHING, GATEWAY) if routers else (),
        resolv_conf=f"nameserver {bare(DNS)[0]}\n",
        hosts_file=HOSTS_FILE + hosts,
    )


def _dns(routers: int) -> Host:
    v4, v6 = bare(server_address(routers))
    known = (Record(NAME, "A", v4), Record(NAME, "AAAA", v6))
    return Host(
        "dns",
        routes=routes(EVERYTHING, GATEWAY) if routers else (),
        name_servers=(NameServer(known),),
    )


def _router(number: int, routers: int) -> Host:
    found: tuple[Route, ...] = ()
    if number < routers:
        found += routes(EVERYTHING, middle(number)[1])
    if number > 1:
        found += routes(CLIENT_LAN, middle(number - 1)[0])
    return Host(f"r{number}", router=True, routes=found)


def _server(routers: int, port: int) -> Host:
    back = routes(EVERYTHING, LAST_GATEWAY) if routers else ()
    return Host("server", routes=back, services=(Service(port),))


def _links(routers: int) -> list[Link]:
    near = (End("client", "eth0", CLIENT), End("dns", "eth0", DNS))
    if not routers:
        return [Link((*near, End("server", "eth0", NEIGHBOUR)), "lan")]
    links = [Link((*near, End("r1", "eth0", GATEWAY)), "lan")]
    for number in range(1, routers):
        left, right = middle(number)
        ends = End(f"r{number}", "eth1", left), End(f"r{number + 1}", "eth0", right)
        links.append(Link(ends))
    last = End(f"r{routers}", "eth1", LAST_GATEWAY), End("server", "eth0", SERVER)
    return [*links, Link(last)]


def resolving_over(network: Network, family: int) -> Network:
    """Have the client ask its name server over this family."""
    address = bare(DNS)[0 if family == 4 else 1]
    return network.with_host("client", resolv_conf=f"nameserver {address}\n")


def with_name_server(network: Network, server: NameServer) -> Network:
    """Put another name server in the place of the one beside the client."""
    return network.with_host("dns", name_servers=(server,))


def known_records(network: Network) -> tuple[Record, ...]:
    """Return what the name server beside the client knows."""
    return network.host("dns").name_servers[0].records


def with_record(network: Network, *records: Record) -> Network:
    """Have the name server know these records too."""
    old = network.host("dns").name_servers[0]
    return with_name_server(network, replace(old, records=old.records + records))
