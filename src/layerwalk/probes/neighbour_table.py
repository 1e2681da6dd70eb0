"""The kernel's neighbour entries (rtnetlink(7), RTM_GETNEIGH)."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from layerwalk.probes.rtnetlink import NeighbourMessage, Rtnetlink
from layerwalk.probes.rtnetlink.local import GET_NEIGHBOUR, of_neighbours

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
    wanted = address.partition("%")[0]
    family = socket.AF_INET6 if ":" in wanted else socket.AF_INET
    try:
        with Rtnetlink() as kernel:
            index = socket.if_nametoindex(interface)
            for message in kernel.every(GET_NEIGHBOUR, of_neighbours(family, index)):
                found = NeighbourMessage(message)
                if (found.index, found.address) == (index, wanted):
                    return Entry(_STATES.get(found.state, ""), found.mac)
    except OSError:
        return Entry()
    return Entry()
