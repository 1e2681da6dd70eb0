"""The route that the kernel takes to an address. Nothing goes on the wire, no rights are needed.

Asked by RTM_GETROUTE (rtnetlink(7)), so policy rules, metrics, cached path MTUs and the choice
among several next hops are the kernel's own. As connect() does, IPv4 looks the route up a second
time with the source that the first look-up chose, because rules may depend on it; IPv6 does so
where the first look-up found none (ip_route_connect, ip6_dst_lookup_tail in the kernel).
"""

from __future__ import annotations

import errno
import socket
from dataclasses import replace
from ipaddress import ip_address

from layerwalk.probes.addresses import own_addresses
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Outcome, RouteFact, RouteKind
from layerwalk.probes.origin import Origin, OriginError
from layerwalk.probes.policy import Address, Packet, Rule, culprit
from layerwalk.probes.routing import KINDS, Routing
from layerwalk.probes.rtnetlink import RouteMessage
from layerwalk.probes.rtnetlink.ways import FAMILIES

_ERRNO_KIND = {
    errno.EINVAL: RouteKind.BLACKHOLE,
    errno.EACCES: RouteKind.PROHIBIT,
    errno.EHOSTUNREACH: RouteKind.UNREACHABLE,
}


def route(destination: str, ctx: ProbeContext) -> RouteFact:
    """Look up the way to an address (``%scope`` allowed), or what refuses it.

    ``mtu`` is what the route itself sets or a router has told, 0 where the interface's counts.
    Outcomes: ``answered`` for a route, ``unreachable`` for none, ``rejected`` for a refusal by a
    route or rule of this machine, ``not_permitted`` or ``failed`` where the kernel can't be asked.
    """
    blank = RouteFact(outcome=Outcome.FAILED, destination=destination)
    try:
        address, asked = ip_address(destination), ctx.origin.towards(destination)
    except ValueError as error:
        return replace(blank, detail=str(error))
    blank = replace(
        blank,
        asked_mark=asked.mark,
        asked_source=asked.address,
        asked_interface=asked.interface,
    )
    try:
        with Routing(asked.mark) as routing:
            return _looked_up(blank, address, asked, routing)
    except OSError as error:
        outcome = outcome_of(error, opening=True)
        return replace(blank, outcome=outcome, errno=symbol(error), detail=str(error))


def _looked_up(blank: RouteFact, address: Address, asked: Origin, routing: Routing) -> RouteFact:
    scope = getattr(address, "scope_id", None) or asked.interface
    try:
        index = socket.if_nametoindex(scope) if scope else 0
    except OSError:
        detail = f"there is no interface {scope}"
        return replace(blank, outcome=Outcome.UNREACHABLE, errno="ENODEV", detail=detail)
    barrier = _barrier(blank, address, scope, asked)
    if barrier:
        return barrier
    bare = ip_address(str(address).partition("%")[0])
    answer, source = _as_connect_does(bare, index, asked, routing)
    if isinstance(answer, int):
        packet = Packet(destination=bare, source=source, interface=scope, mark=asked.mark)
        return _refused(replace(blank, errno=symbol(answer)), answer, packet, routing)
    entry = routing.matched(bare, index, answer, source)
    if asked.interface and answer.kind == KINDS[RouteKind.UNICAST] and not entry[1]:
        # A socket that is bound to an interface takes all the world to be on its link, then.
        detail = f"no route leaves by {asked.interface}"
        return replace(blank, outcome=Outcome.UNREACHABLE, errno="ENETUNREACH", detail=detail)
    return _found(replace(blank, table=entry[0], route=entry[1]), answer, source, routing)


def _barrier(blank: RouteFact, address: Address, scope: str, asked: Origin) -> RouteFact | None:
    """What keeps a socket from asking at all: its interface, or its source."""
    gone = replace(blank, outcome=Outcome.UNREACHABLE, errno="EINVAL")
    if address.is_link_local and address.version == 6 and not scope:
        detail = f"a link-local address needs its interface behind it: {address}%eth0"
        return replace(gone, detail=detail)
    if asked.interface and scope != asked.interface:
        detail = f"it is on {scope}, and nothing leaves but by {asked.interface}"
        return replace(gone, detail=detail)
    if not asked.address:
        return None
    bare, family = replace(asked, mark=0), FAMILIES[address.version]
    try:
        bare.open_socket(family, socket.SOCK_DGRAM, to=str(address)).close()
    except OriginError as error:
        return replace(gone, outcome=error.outcome, errno="", detail=error.strerror or "")
    except OSError as error:
        detail = f"{asked.address} is no address of this machine"
        return replace(gone, errno=symbol(error), detail=detail)
    return None


def _as_connect_does(
    address: Address, index: int, asked: Origin, routing: Routing
) -> tuple[RouteMessage | int, Address | None]:
    """Ask once or twice; return the kernel's message (or errno) and the source asked with."""
    if asked.address:
        given = ip_address(asked.address.partition("%")[0])
        return routing.get(address, oif=index, source=given), given
    first = routing.get(address, oif=index)
    if address.version == 6:
        source = _udp_source(address, index, asked) if isinstance(first, int) else None
    else:
        source = None if isinstance(first, int) else _unicast_source(first)
    return (routing.get(address, oif=index, source=source) if source else first), source


def _unicast_source(answer: RouteMessage) -> Address | None:
    unicast = answer.kind == KINDS[RouteKind.UNICAST]
    chosen = answer.source if unicast else ""
    return ip_address(chosen) if chosen else None


def _udp_source(address: Address, index: int, asked: Origin) -> Address | None:
    """Let the kernel choose a source, by connecting a UDP socket: that sends nothing."""
    try:
        with asked.open_socket(socket.AF_INET6, socket.SOCK_DGRAM, to=str(address)) as probe:
            probe.connect((str(address), 9, 0, index))
            return ip_address(probe.getsockname()[0].partition("%")[0])
    except OSError:
        return None


def _found(
    blank: RouteFact, answer: RouteMessage, asked: Address | None, routing: Routing
) -> RouteFact:
    kind = next((k for k, number in KINDS.items() if number == answer.kind), RouteKind.NONE)
    interface = routing.name(answer.hop.interface)
    source = answer.source or str(asked or "")
    return replace(
        blank,
        outcome=Outcome.ANSWERED,
        detail=_borrowed(source, interface) if kind is RouteKind.UNICAST else "",
        kind=kind,
        interface=interface,
        gateway=answer.hop.gateway or answer.hop.via6,
        source=source,
        mtu=answer.mtu,
    )


def _borrowed(source: str, interface: str) -> str:
    """Note a source that is another interface's: answers to it may come in there."""
    own = {address.partition("%")[0] for address in own_addresses(interface)}
    strange = bool(source) and source.partition("%")[0] not in own
    return f"the source {source} is not an address of {interface}" if strange else ""


def _refused(blank: RouteFact, code: int, packet: Packet, routing: Routing) -> RouteFact:
    found = culprit(code, packet, *routing.refusals(packet.destination))
    if isinstance(found, Rule):
        kind = found.refusal or RouteKind.NONE
        return replace(blank, outcome=Outcome.REJECTED, kind=kind, rule=found.text)
    if found is not None:
        kind = found.kind or RouteKind.NONE
        return replace(
            blank, outcome=Outcome.REJECTED, kind=kind, table=found.table, route=found.text
        )
    if code in _ERRNO_KIND:
        return replace(blank, outcome=Outcome.REJECTED, kind=_ERRNO_KIND[code])
    return replace(blank, outcome=outcome_of(code))
