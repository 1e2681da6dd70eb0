"""The kernel's neighbour entries (rtnetlink(7), RTM_GETNEIGH)."""

from __future__ import annotations

import socket

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


def entry(address: str, interface: str) -> str:
    """The state of a neighbour's entry, empty where there is none or it can't be read."""
    from pyroute2 import IPRoute
    from pyroute2.netlink.exceptions import NetlinkError

    wanted = address.partition("%")[0]
    family = socket.AF_INET6 if ":" in wanted else socket.AF_INET
    try:
        with IPRoute() as netlink:
            index = socket.if_nametoindex(interface)
            for neighbour in netlink.get_neighbours(family=family, ifindex=index):
                if neighbour.get_attr("NDA_DST") == wanted:
                    return _STATES.get(neighbour["state"], "")
    except (OSError, NetlinkError):
        return ""
    return ""
