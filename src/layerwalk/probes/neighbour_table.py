"""The kernel's neighbour entries (rtnetlink(7), RTM_GETNEIGH)."""

from __future__ import annotations

import socket
from dataclasses import dataclass

_STATES = {
    0x01: "INCOMPLETE",
    0x02: "REACHABLE",
    0x04: "STALE",
    0x08: "DELAY",
    0x10: "PROBE",
    0x20: "FAILED",
    0x40: "NOARP",
    0x80: "PERMANENT",
}


@dataclass(frozen=True)
class Entry:
    """A neighbour's entry: its state, and the link-layer address that is sent to."""

    state: str = ""
    mac: str = ""


def entry(address: str, interface: str) -> Entry:
    """A neighbour's entry, with nothing in it where there is none or it can't be read."""
    from pyroute2 import IPRoute
    from pyroute2.netlink.exceptions import NetlinkError

    wanted = address.partition("%")[0]
    family = socket.AF_INET6 if ":" in wanted else socket.AF_INET
    try:
        with IPRoute() as netlink:
            index = socket.if_nametoindex(interface)
            for neighbour in netlink.get_neighbours(family=family, ifindex=index):
                if neighbour.get_attr("NDA_DST") == wanted:
                    mac = neighbour.get_attr("NDA_LLADDR") or ""
                    return Entry(_STATES.get(neighbour["state"], ""), mac)
    except (OSError, NetlinkError):
        return Entry()
    return Entry()
