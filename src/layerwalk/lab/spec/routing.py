"""Where a host sends packets, as data."""

from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_network

from layerwalk.lab.spec.wiring import Family


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
