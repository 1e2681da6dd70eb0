"""Hosts and the links between them, and how one network is turned into another."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from layerwalk.lab.spec.host import Host
from layerwalk.lab.spec.routing import Route
from layerwalk.lab.spec.wiring import End, Family, Link


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
