"""A target of ``--role server``: this machine's own address and port, or a port alone."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeVar

from layerwalk.diagnosis.own_addresses import home
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import LinksFact, RouteKind
from layerwalk.probes.facts.standpoint import Role, Standpoint
from layerwalk.probes.facts.target import IPV6, Family, Target, family_of
from layerwalk.probes.links import links
from layerwalk.probes.origin import Origin
from layerwalk.probes.route import route
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput, parse_target

_EVERYWHERE = re.compile(r"(?P<scheme>[A-Za-z]+://)?(?P<any>|\*|0\.0\.0\.0|\[::\])(?P<port>:.+)")
_STANDS_IN = "localhost"
_T = TypeVar("_T")


def standpoint_of(role: str, client: str | None, family: Family | None) -> Standpoint:
    """Say where this machine stands, and for whom; a client leaves its own family only.

    Raises:
        BadInput: the client is no address, not one of that family, or there can be none.
    """
    if client is None:
        return Standpoint(role=Role(role))
    if role != Role.SERVER:
        raise BadInput("--client names who can't get in here; it goes with --role server")
    try:
        found = ip_address(client)
    except ValueError as error:
        said = f"--client: '{shortened(client)}' is no address; give the client's, as 192.0.2.7"
        raise BadInput(said) from error
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_unspecified or found.is_multicast:
        raise BadInput(f"--client: no machine has the address {found}; give the client's own")
    if family not in {None, found.version}:
        raise BadInput(
            f"-{family} and --client {found}: that is an IPv{found.version} address; leave one out"
        )
    return Standpoint(role=Role.SERVER, client=str(found))


def own_target(text: str, family: Family | None, client: str, origin: Origin) -> Target:
    """Read ``:port``, or an address, a name or a URL of this machine with its port.

    A name keeps those of its addresses that are this machine's own.

    Raises:
        BadInput: the text is no target, has no port, or is no address of this machine.
    """
    alone = _EVERYWHERE.fullmatch(text.strip())
    if alone:
        return _port_alone(text.strip(), alone, family)
    target = parse_target(text, family)
    return as_own(target, client, origin)


def as_own(target: Target, client: str, origin: Origin) -> Target:
    """Leave of a target what is this machine's own.

    Raises:
        BadInput: nothing of it is, or it has no port.
    """
    shown = f"target '{shortened(target.input)}'"
    if target.port is None:
        raise BadInput(f"{shown}: --role server asks about a port; give :PORT or ADDRESS:PORT")
    wanted = family_of(client) if client else target.family
    found = _within(origin, lambda: _own(target))
    if not found:
        pid = origin.quarters.pid if origin.quarters else 0
        whose, there = (f"process {pid}", f"nsenter -t {pid} -n ") if pid else ("this machine", "")
        raise BadInput(
            f"{shown}: with --role server it is an address of {whose} itself, and this is none;"
            f" give :{target.port} or one of: {there}ip -br addr"
        )
    kept = tuple(it for it in found if wanted in {None, family_of(it)})
    if not kept:
        raise BadInput(f"{shown}: it has no IPv{wanted} address, which --client {client} comes by")
    return target if target.address else replace(target, addresses=kept)


def _port_alone(text: str, found: re.Match[str], family: Family | None) -> Target:
    """A port at whatever address, as listeners are written; 0.0.0.0 is IPv4's."""
    scheme = (found["scheme"] or "").lower()
    meant = parse_target(f"{scheme}{_STANDS_IN}{found['port']}", family)
    if found["any"] == "0.0.0.0":
        if family == IPV6:
            raise BadInput(f"target '{shortened(text)}': it is IPv4's, and -6 asks for the other")
        meant = replace(meant, family=4)
    return replace(meant, input=shortened(text), host="")


def _own(target: Target) -> tuple[str, ...]:
    """The addresses of a target that this machine has, by its interfaces or its routes."""
    ctx = ProbeContext()
    known = links(ctx)
    return tuple(it for it in _addresses(target) if _is_own(it, known, ctx))


def _is_own(address: str, known: LinksFact, ctx: ProbeContext) -> bool:
    if home(known.links, address) is not None:
        return True
    return route(address, ctx).kind is RouteKind.LOCAL


def _addresses(target: Target) -> Iterable[str]:
    if target.address:
        return (target.host,)
    families = {4: socket.AF_INET, 6: socket.AF_INET6}
    asked = families[target.family] if target.family else socket.AF_UNSPEC
    try:
        found = socket.getaddrinfo(target.host, target.port, asked, socket.SOCK_STREAM)
    except OSError as error:
        raise BadInput(
            f"target '{shortened(target.input)}': the name has no address here"
            f" ({error.strerror or error}); give :{target.port} or ADDRESS:{target.port}"
        ) from error
    return dict.fromkeys(_unmapped(ip_address(str(it[4][0]))) for it in found)


def _unmapped(address: IPv4Address | IPv6Address) -> str:
    return str(getattr(address, "ipv4_mapped", None) or address)


def _within(origin: Origin, call: Callable[[], _T]) -> _T:
    return origin.quarters.within(call) if origin.quarters else call()
