"""This machine's interfaces, by netlink. Nothing goes on the wire, and no rights are needed.

One dump of links and one of addresses (rtnetlink(7)). /sys is not asked: in a container or another
network namespace it may show the host's interfaces; netlink and /proc/sys/net always answer for the
namespace of the calling thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import Link, LinksFact, Outcome
from layerwalk.probes.rtnetlink import AddressMessage, LinkMessage, Rtnetlink
from layerwalk.probes.rtnetlink.local import GET_ADDRESS, GET_LINK, of_addresses, of_links

ALL_RP_FILTER = Path("/proc/sys/net/ipv4/conf/all/rp_filter")

# The interface flags of netdevice(7).
_IFF_UP, _IFF_LOOPBACK, _IFF_POINTOPOINT, _IFF_NOARP = 0x1, 0x8, 0x10, 0x80
_NO_NEIGHBOURS = _IFF_LOOPBACK | _IFF_POINTOPOINT | _IFF_NOARP
_ARPHRD_ETHER = 1


def links(_ctx: ProbeContext) -> LinksFact:
    """List every interface with its state, size, addresses and filter for reverse paths."""
    try:
        with Rtnetlink() as kernel:
            addresses = _by_interface(
                map(AddressMessage, kernel.every(GET_ADDRESS, of_addresses()))
            )
            shared = _all_rp_filter()
            messages = [LinkMessage(it) for it in kernel.every(GET_LINK, of_links())]
            names = {it.index: it.name for it in messages}
            found = [_link(message, addresses, names, shared) for message in messages]
    except OSError as error:
        return LinksFact(outcome=outcome_of(error, opening=True), detail=str(error))
    return LinksFact(
        outcome=Outcome.ANSWERED, links=tuple(sorted(found, key=lambda link: link.index))
    )


def _by_interface(messages: Iterable[AddressMessage]) -> dict[int, list[str]]:
    addresses: dict[int, list[str]] = defaultdict(list)
    for message in messages:
        if message.address:
            addresses[message.index].append(f"{message.address}/{message.length}")
    return addresses


def _link(
    message: LinkMessage,
    addresses: dict[int, list[str]],
    names: dict[int, str],
    shared_rp_filter: int,
) -> Link:
    flags = message.flags
    up = bool(flags & _IFF_UP)
    return Link(
        name=message.name,
        index=message.index,
        up=up,
        carrier=message.carrier if up else None,
        mtu=message.mtu,
        state=message.state,
        kind=message.kind,
        # That of a tunnel is an IP address, and no MAC.
        mac=message.mac if message.hardware == _ARPHRD_ETHER else "",
        loopback=bool(flags & _IFF_LOOPBACK),
        resolves_neighbours=not flags & _NO_NEIGHBOURS,
        addresses=tuple(addresses.get(message.index, ())),
        rp_filter=max(shared_rp_filter, message.rp_filter),
        master=names.get(message.master, ""),
    )


def _all_rp_filter() -> int:
    try:
        return int(ALL_RP_FILTER.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
