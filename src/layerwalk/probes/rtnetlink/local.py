"""Messages about what is here: links, addresses, neighbours, queues (rtnetlink(7)). Pure.

Formats: linux/if_link.h, linux/if_addr.h, linux/neighbour.h, linux/pkt_sched.h, linux/gen_stats.h.
"""

from __future__ import annotations

import socket
import struct

from layerwalk.probes.rtnetlink.attributes import Attributes, numbered

GET_LINK, GET_ADDRESS, GET_NEIGHBOUR, GET_QUEUE = 18, 22, 30, 38  # RTM_GET*

_LINK = struct.Struct("=BxHiII")
_ADDRESS = struct.Struct("=BBBBI")
_NEIGHBOUR = struct.Struct("=BxxxiHBB")
_QUEUE = struct.Struct("=BxxxiIII")

# IFLA_*, with what stands inside them
_MAC, _NAME, _MTU, _MASTER, _OPERSTATE, _INFO, _STATS64 = 1, 3, 4, 10, 16, 18, 23
_AF_SPEC, _CARRIER = 26, 33
_INFO_KIND, _INET_CONF = 1, 1
_RP_FILTER = 8
"""IPV4_DEVCONF_RP_FILTER: the place of the setting, four bytes each, the first of them is 1."""

_STATES = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")
"""IF_OPER_*, RFC 2863."""

_COUNTERS = (
    "rx_packets",
    "tx_packets",
    "rx_bytes",
    "tx_bytes",
    "rx_errors",
    "tx_errors",
    "rx_dropped",
    "tx_dropped",
    "multicast",
    "collisions",
    "rx_length_errors",
    "rx_over_errors",
    "rx_crc_errors",
    "rx_frame_errors",
    "rx_fifo_errors",
    "rx_missed_errors",
    "tx_aborted_errors",
    "tx_carrier_errors",
    "tx_fifo_errors",
    "tx_heartbeat_errors",
    "tx_window_errors",
)
"""struct rtnl_link_stats64, eight bytes each."""

_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_NDA_DST, _NDA_LLADDR, _NDA_IFINDEX = 1, 2, 8
_TCA_STATS2, _STATS_QUEUE = 7, 3


def of_links(index: int = 0) -> bytes:
    """Ask for an interface; for all of them without its number."""
    return _LINK.pack(socket.AF_UNSPEC, 0, index, 0, 0)


def of_addresses() -> bytes:
    """Ask for the addresses of all interfaces."""
    return _ADDRESS.pack(socket.AF_UNSPEC, 0, 0, 0, 0)


def of_neighbours(family: int, index: int) -> bytes:
    """Ask for the neighbours of a family on an interface."""
    return _NEIGHBOUR.pack(family, 0, 0, 0, 0) + numbered(_NDA_IFINDEX, index)


def of_queues() -> bytes:
    """Ask for the queueing disciplines of all interfaces."""
    return _QUEUE.pack(socket.AF_UNSPEC, 0, 0, 0, 0)


class LinkMessage:
    """An interface. Raises ``struct.error`` where the message is cut off."""

    def __init__(self, message: bytes) -> None:
        _, self.hardware, self.index, self.flags, _ = _LINK.unpack_from(message)
        self._told = Attributes(message[_LINK.size :])

    @property
    def name(self) -> str:
        """What it is called."""
        return self._told.text(_NAME)

    @property
    def carrier(self) -> bool | None:
        """Whether something is at the other end, where that is told."""
        told = self._told.number(_CARRIER)
        return None if told is None else bool(told)

    @property
    def mtu(self) -> int:
        """The largest packet, in bytes."""
        return self._told.number(_MTU) or 0

    @property
    def state(self) -> str:
        """RFC 2863's operational state, in lower case; empty where the kernel gives none."""
        told = self._told.number(_OPERSTATE)
        return _STATES[told] if told is not None and told < len(_STATES) else ""

    @property
    def kind(self) -> str:
        """What made it (``veth``, ``bond``); empty for hardware."""
        return self._told.inside(_INFO).text(_INFO_KIND)

    @property
    def mac(self) -> str:
        """Its link-layer address."""
        return self._told.mac(_MAC)

    @property
    def master(self) -> int:
        """The number of the bond or bridge that it belongs to, else 0."""
        return self._told.number(_MASTER) or 0

    @property
    def rp_filter(self) -> int:
        """Its filter for reverse paths of IPv4 (ip-sysctl), 0 where nothing is told of it."""
        settings = self._told.inside(_AF_SPEC).inside(socket.AF_INET).raw(_INET_CONF)
        place = 4 * (_RP_FILTER - 1)
        return int(struct.unpack_from("=I", settings, place)[0]) if len(settings) > place else 0

    @property
    def counters(self) -> dict[str, int]:
        """What it has counted, by the kernel's names; empty where nothing is told."""
        told = self._told.raw(_STATS64)
        numbers = struct.unpack_from(f"={len(told) // 8}Q", told)
        return dict(zip(_COUNTERS, numbers, strict=False))


class AddressMessage:
    """An address of an interface. Raises ``struct.error`` where the message is cut off."""

    def __init__(self, message: bytes) -> None:
        _, self.length, _, _, self.index = _ADDRESS.unpack_from(message)
        told = Attributes(message[_ADDRESS.size :])
        # On a point-to-point interface IFA_ADDRESS is the other end's, IFA_LOCAL our own.
        self.address = told.address(_IFA_LOCAL) or told.address(_IFA_ADDRESS)


class NeighbourMessage:
    """A neighbour's entry. Raises ``struct.error`` where the message is cut off."""

    def __init__(self, message: bytes) -> None:
        _, self.index, self.state, _, _ = _NEIGHBOUR.unpack_from(message)
        told = Attributes(message[_NEIGHBOUR.size :])
        self.address, self.mac = told.address(_NDA_DST), told.mac(_NDA_LLADDR)


class Queue:
    """A queueing discipline. Raises ``struct.error`` where the message is cut off."""

    def __init__(self, message: bytes) -> None:
        _, self.index, _, self.parent, _ = _QUEUE.unpack_from(message)
        self._told = Attributes(message[_QUEUE.size :])

    @property
    def drops(self) -> int:
        """How many packets it has dropped (struct gnet_stats_queue), 0 where that is not told."""
        told = self._told.inside(_TCA_STATS2).raw(_STATS_QUEUE)
        return int(struct.unpack_from("=I", told, 8)[0]) if len(told) >= 12 else 0
