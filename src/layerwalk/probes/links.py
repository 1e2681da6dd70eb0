"""This machine's interfaces, by netlink. Nothing goes on the wire, and no rights are needed.

One dump of links and one of addresses (rtnetlink(7)). /sys is not asked: in a container or another
network namespace it may show the host's interfaces; netlink and /proc/sys/net always answer for the
namespace of the calling thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Link, LinksFact, Outcome

ALL_RP_FILTER = Path("/proc/sys/net/ipv4/conf/all/rp_filter")

# The interface flags of netdevice(7).
_IFF_UP, _IFF_LOOPBACK, _IFF_POINTOPOINT, _IFF_NOARP = 0x1, 0x8, 0x10, 0x80
_NO_NEIGHBOURS = _IFF_LOOPBACK | _IFF_POINTOPOINT | _IFF_NOARP
_ARPHRD_ETHER = 1


def links(_ctx: ProbeContext) -> LinksFact:
    """List every interface with its state, size, addresses and filter for reverse paths."""
    # Late: loading pyroute2 takes longer than the question.
    from pyroute2 import IPRoute
    from pyroute2.netlink.exceptions import NetlinkError

    try:
        with IPRoute() as netlink:
            addresses = _by_interface(netlink.get_addr())
            shared = _all_rp_filter()
            messages = list(netlink.get_links())
            names = {it["index"]: it.get_attr("IFLA_IFNAME") or "" for it in messages}
            found = [_link(message, addresses, names, shared) for message in messages]
    except NetlinkError as error:
        return LinksFact(outcome=outcome_of(error.code, opening=True), detail=symbol(error.code))
    except OSError as error:
        return LinksFact(outcome=outcome_of(error, opening=True), detail=str(error))
    return LinksFact(
        outcome=Outcome.ANSWERED, links=tuple(sorted(found, key=lambda link: link.index))
    )


def _by_interface(messages: Iterable[Any]) -> dict[int, list[str]]:
    addresses: dict[int, list[str]] = defaultdict(list)
    for message in messages:
        # On a point-to-point interface IFA_ADDRESS is the other end's, IFA_LOCAL our own.
        own = message.get_attr("IFA_LOCAL") or message.get_attr("IFA_ADDRESS")
        if own:
            addresses[message["index"]].append(f"{own}/{message['prefixlen']}")
    return addresses


def _link(
    message: Any, addresses: dict[int, list[str]], names: dict[int, str], shared_rp_filter: int
) -> Link:
    flags, index = message["flags"], message["index"]
    up = bool(flags & _IFF_UP)
    info = message.get_attr("IFLA_LINKINFO")
    carrier = message.get_attr("IFLA_CARRIER")
    return Link(
        name=message.get_attr("IFLA_IFNAME") or "",
        index=index,
        up=up,
        carrier=bool(carrier) if up and carrier is not None else None,
        mtu=message.get_attr("IFLA_MTU") or 0,
        state=(message.get_attr("IFLA_OPERSTATE") or "").lower(),
        kind=(info.get_attr("IFLA_INFO_KIND") if info else None) or "",
        mac=_mac(message),
        loopback=bool(flags & _IFF_LOOPBACK),
        resolves_neighbours=not flags & _NO_NEIGHBOURS,
        addresses=tuple(addresses.get(index, ())),
        rp_filter=max(shared_rp_filter, _own_rp_filter(message)),
        master=names.get(message.get_attr("IFLA_MASTER") or 0, ""),
    )


def _mac(message: Any) -> str:
    """Return the link-layer address; that of a tunnel is an IP address, and no MAC."""
    ethernet = message["ifi_type"] == _ARPHRD_ETHER
    return (message.get_attr("IFLA_ADDRESS") or "") if ethernet else ""


def _own_rp_filter(message: Any) -> int:
    """Read the interface's own rp_filter out of its IPv4 settings, which the dump carries."""
    families = message.get_attr("IFLA_AF_SPEC")
    settings = families.get_attr("AF_INET") if families else None
    return int(settings.get("rp_filter", 0)) if settings else 0


def _all_rp_filter() -> int:
    try:
        return int(ALL_RP_FILTER.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
