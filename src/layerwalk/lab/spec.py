"""A network as data: what a lab builds.

Nothing here touches the machine. A fault is one network turned into another by
`Network.with_host`, `Network.with_end` and their like.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from ipaddress import ip_address, ip_interface, ip_network
from typing import Literal

from layerwalk.lab.traffic import Stream

Family = Literal[4, 6]
FAMILIES: tuple[Family, ...] = (4, 6)

HOSTS_FILE = "127.0.0.1 localhost\n::1 localhost\n"
NSSWITCH = "hosts: files dns\n"


@dataclass(frozen=True)
class Impairment:
    """What a line does one way: delay, jitter, loss (0 to 1); `doubled` again `later_s` later."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    seed: int = 1
    doubled: float = 0.0
    later_s: float = 0.0


@dataclass(frozen=True)
class End:
    """One end of a link: an interface of a host.

    `addresses` carry their prefix ("198.51.100.10/24"). `up=False` takes the interface down
    after everything else is set; `carrier=False` pulls the cable: the far side goes down.
    `sends` delays or loses what leaves this end.
    """

    host: str
    interface: str
    addresses: tuple[str, ...] = ()
    mtu: int = 1500
    up: bool = True
    carrier: bool = True
    sends: Impairment | None = None

    def address(self, family: Family) -> str | None:
        """Return the first address of this family, without its prefix."""
        for text in self.addresses:
            found = ip_interface(text)
            if found.version == family:
                return str(found.ip)
        return None


@dataclass(frozen=True)
class Link:
    """Two ends joined by a cable, or more of them by a switch."""

    ends: tuple[End, ...]
    name: str = ""

    @property
    def has_switch(self) -> bool:
        """Whether more than two ends meet here."""
        return len(self.ends) > 2


class RouteType(Enum):
    """What a route does with a packet, in the words of `ip route`."""

    UNICAST = "unicast"
    BLACKHOLE = "blackhole"
    UNREACHABLE = "unreachable"
    PROHIBIT = "prohibit"


@dataclass(frozen=True)
class Route:
    """A route; `to` is a prefix ("0.0.0.0/0" is the default, so that the family is plain).

    `beside` are further gateways: packets go to one or another of them and `via`, by their flow.
    `mtu` is what the route carries, whatever its interface would; a router keeps to it, too.
    """

    to: str
    via: str = ""
    interface: str = ""
    type: RouteType = RouteType.UNICAST
    table: int = 0
    metric: int = 0
    source: str = ""
    beside: tuple[str, ...] = ()
    mtu: int = 0

    @property
    def family(self) -> Family:
        """The address family of the prefix."""
        return ip_network(self.to).version


@dataclass(frozen=True)
class Rule:
    """A policy rule, in the words of `ip rule`: selector "to 192.0.2.1", action "prohibit"."""

    family: Family
    selector: str
    action: str
    priority: int = 1000


class Manner(Enum):
    """What a service does with a connection or a datagram."""

    HOLD = "hold"  # accepts, then says nothing
    BANNER = "banner"  # accepts, speaks first, then says nothing
    ECHO = "echo"  # sends back what it receives
    BULK = "bulk"  # accepts, and sends its text at once, however long
    CLOSE = "close"  # accepts and closes
    RESET = "reset"  # accepts and resets
    SINK = "sink"  # listens and never accepts
    SLOW = "slow"  # accepts one connection in a while, and closes it


@dataclass(frozen=True)
class Service:
    """A listener. `address` empty: every address of both families.

    A slow one accepts every `every_s` seconds. `defer_s` has the kernel hold connections back until
    data comes, for at least so long (TCP_DEFER_ACCEPT).
    """

    port: int
    manner: Manner = Manner.HOLD
    address: str = ""
    text: bytes = b""
    backlog: int = 128
    udp: bool = False
    every_s: float = 1.0
    defer_s: int = 0


@dataclass(frozen=True)
class Crowd:
    """So many clients that connect to a port, again about `after_s` seconds after each is closed.

    Who is not let in tries anew as often.
    """

    address: str
    port: int
    count: int
    after_s: float = 0.3


@dataclass(frozen=True)
class Record:
    """One record of a zone: `Record("server.lab.test", "A", "203.0.113.10")`."""

    name: str
    type: str
    value: str
    ttl: int = 60


class Answering(Enum):
    """What a name server sends instead of an answer."""

    PLAIN = "plain"  # nothing instead: the answer itself
    NOISE = "noise"  # bytes behind the question's id that make no message
    OTHER = "other"  # the answer to another question
    REFERRAL = "referral"  # the names of other servers, and no answer


@dataclass(frozen=True)
class NameServer:
    """A DNS server. A name it has no record of does not exist (NXDOMAIN).

    `rcode` answers every question with that code; `failing` names, and types of question, get
    SERVFAIL; `silent` types of question ("AAAA", or "ANY" for all) get no answer; `delay_s` goes
    before each answer. `truncated` answers over UDP with the TC bit; `tcp=False` leaves TCP port 53
    closed; `edns=False` takes questions with EDNS for an error, as old servers do.
    """

    records: tuple[Record, ...] = ()
    address: str = ""
    port: int = 53
    rcode: str = ""
    failing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    delay_s: float = 0.0
    truncated: bool = False
    tcp: bool = True
    edns: bool = True
    answering: Answering = Answering.PLAIN


@dataclass(frozen=True)
class Host:
    """A machine: its routes, rules, listeners and files. A router forwards.

    `firewall` is a ruleset for `nft -f`; `sysctls` are pairs ("net.ipv4.ip_forward", "1");
    `neighbours` are words for `ip neigh add`, `queues` lines for `tc`.
    """

    name: str
    router: bool = False
    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()
    firewall: str = ""
    sysctls: tuple[tuple[str, str], ...] = ()
    neighbours: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    streams: tuple[Stream, ...] = ()
    name_servers: tuple[NameServer, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    hosts_file: str = HOSTS_FILE
    resolv_conf: str = ""
    nsswitch_conf: str = NSSWITCH


@dataclass(frozen=True)
class Network:
    """Hosts and the links between them. `routers` names those on the way from client to server."""

    hosts: tuple[Host, ...]
    links: tuple[Link, ...]
    routers: tuple[str, ...] = field(default=())

    def host(self, name: str) -> Host:
        """Return the host of this name; LookupError where there is none."""
        for host in self.hosts:
            if host.name == name:
                return host
        raise LookupError(f"no host {name} in this network")

    def ends(self, host: str) -> tuple[End, ...]:
        """Return a host's ends in the order of the links."""
        return tuple(end for link in self.links for end in link.ends if end.host == host)

    def end(self, host: str, interface: str) -> End:
        """Return the end with this interface; LookupError where there is none."""
        for end in self.ends(host):
            if end.interface == interface:
                return end
        raise LookupError(f"no interface {interface} on {host}")

    def address(self, host: str, family: Family = 4, interface: str = "") -> str:
        """Return a host's first address of a family; LookupError where it has none."""
        for end in self.ends(host):
            address = end.address(family)
            if address is not None and interface in ("", end.interface):
                return address
        raise LookupError(f"{host} has no IPv{family} address")

    def hop_address(self, hop: int, family: Family = 4) -> str:
        """Return what a trace sees at this hop, 1 the first: Linux answers from its near `eth0`."""
        return self.address(self.routers[hop - 1], family, "eth0")

    def with_host(self, name: str, **changes: object) -> "Network":
        """Return the network with this host's fields changed."""
        changed = replace(self.host(name), **changes)  # type: ignore[arg-type]  # the caller's names
        return replace(self, hosts=tuple(changed if h.name == name else h for h in self.hosts))

    def with_end(self, host: str, interface: str, **changes: object) -> "Network":
        """Return the network with this end's fields changed."""
        old = self.end(host, interface)
        new = replace(old, **changes)  # type: ignore[arg-type]  # the caller's names
        return self._mapped(lambda end: new if end is old else end)

    def with_parts(self, hosts: tuple[Host, ...] = (), links: tuple[Link, ...] = ()) -> "Network":
        """Return the network with these hosts and links added."""
        return replace(self, hosts=self.hosts + hosts, links=self.links + links)

    def with_routes(self, name: str, *routes: Route) -> "Network":
        """Return the network with these routes in place of the host's own to the same prefixes."""
        taken = {route.to for route in routes}
        kept = tuple(route for route in self.host(name).routes if route.to not in taken)
        return self.with_host(name, routes=kept + routes)

    def without_routes(self, name: str, *prefixes: str) -> "Network":
        """Return the network without this host's routes to these prefixes."""
        kept = tuple(route for route in self.host(name).routes if route.to not in prefixes)
        return self.with_host(name, routes=kept)

    def _mapped(self, change: Callable[[End], End]) -> "Network":
        links = tuple(
            replace(link, ends=tuple(change(end) for end in link.ends)) for link in self.links
        )
        return replace(self, links=links)


def family_of(address: str) -> Family:
    """Return the family of an address text."""
    return ip_address(address).version
