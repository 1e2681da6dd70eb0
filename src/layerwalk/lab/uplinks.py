"""The usual network with a second way out: another router joins client and server directly.

    client ─┬─ r1 ── … ── rN ─┬─ server
            └───── side ──────┘

Which way the client's packets go is up to its rules; the server answers each of the client's
addresses by the router that it belongs to.
"""

from dataclasses import replace

from layerwalk.lab.shapes import Shape, base
from layerwalk.lab.spec import FAMILIES, End, Family, Host, Link, Network, Route, Rule
from layerwalk.lab.topology import EVERYTHING, bare, routes

ASIDE = "side"
SECOND = ("192.0.2.10/24", "2001:db8:3::10/64")
SECOND_LAN = ("192.0.2.0/24", "2001:db8:3::/64")
SECOND_GATEWAY = ("192.0.2.1/24", "2001:db8:3::1/64")
BESIDE_LAST = ("203.0.113.2/24", "2001:db8:2::2/64")
TABLE = 100


def two_uplinks(shape: Shape) -> Network:
    """Return the network of a shape with the second way; the client's main table has the first."""
    network = base(shape)
    *near, last = network.links
    server_lan = replace(last, ends=(*last.ends, End(ASIDE, "eth1", BESIDE_LAST)), name="server")
    client_lan = Link((End("client", "eth1", SECOND), End(ASIDE, "eth0", SECOND_GATEWAY)))
    network = replace(network, links=(*near, server_lan, client_lan))
    network = network.with_parts(hosts=(Host(ASIDE, router=True),))
    back = routes(SECOND_LAN, BESIDE_LAST)
    return network.with_host("server", routes=(*network.host("server").routes, *back))


def second_address(family: Family) -> str:
    """Return the client's address on the second way."""
    return bare(SECOND)[FAMILIES.index(family)]


def by_the_second(family: Family) -> Route:
    """Return the default route of the second table: by the second way."""
    place = FAMILIES.index(family)
    return Route(EVERYTHING[place], via=bare(SECOND_GATEWAY)[place], table=TABLE)


def with_second_table(network: Network, selector: str, *found: Route) -> Network:
    """Have the client look into its second table, which has these routes, for what is selected.

    Local addresses are the first thing looked for all the same.
    """
    client = network.host("client")
    rules = tuple(Rule(family, selector, f"lookup {TABLE}") for family in _families(selector))
    return network.with_host(
        "client", rules=(*client.rules, *rules), routes=(*client.routes, *found)
    )


def _families(selector: str) -> tuple[Family, ...]:
    if not selector.startswith("from"):
        return FAMILIES
    return (6,) if ":" in selector else (4,)
