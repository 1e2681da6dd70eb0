"""Where a person wants a walk to come from (``--mark``, ``--source``), understood or refused."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from layerwalk.probes.origin import Origin
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput

MARKS = range(1, 1 << 32)
_NUMBER = re.compile("[0-9]{1,10}|0[xX][0-9A-Fa-f]{1,8}")
_SOURCE = "--source"
_EVERYBODY = IPv4Address("255.255.255.255")
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_DISCARD = 9


def mark_of(text: str) -> int:
    """Read a firewall mark, decimal or with 0x.

    Raises:
        BadInput: it is none.
    """
    mark = int(text, 0 if text[:2].lower() == "0x" else 10) if _NUMBER.fullmatch(text) else 0
    if mark not in MARKS:
        raise BadInput(f"'{shortened(text)}' is no mark; give a number from 1 to 0xffffffff")
    return mark


def origin_of(mark: int | None, source: str | None) -> Origin:
    """Give the origin of a walk; a source must be an address or interface of this machine.

    Raises:
        BadInput: it is none.
    """
    if source is None:
        return Origin(mark=mark or 0)
    try:
        address = ip_address(source)
    except ValueError:
        return Origin(mark=mark or 0, interface=_interface(source))
    return Origin(mark=mark or 0, address=_own(address))


def _interface(name: str) -> str:
    """The name of an interface, as the kernel writes it."""
    label = ":" in name  # of an address of old style, which the kernel takes for its interface
    with suppress(OSError, ValueError, UnicodeError):
        if not label:
            return socket.if_indextoname(socket.if_nametoindex(name))
    raise BadInput(
        f"{_SOURCE}: this machine has no address and no interface '{shortened(name)}';"
        " see: ip -br addr"
    )


def _own(address: IPv4Address | IPv6Address) -> str:
    """The address, if this machine can send from it: bound and connected to itself, unsent."""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_multicast or address.is_unspecified or address == _EVERYBODY:
        raise BadInput(
            f"{_SOURCE}: nothing is sent from {address}; give an address of this machine"
        )
    bare, _, scope = str(address).partition("%")
    if ":" in bare and address.is_link_local and not scope:
        raise BadInput(f"{_SOURCE}: a link-local address needs its interface: {bare}%INTERFACE")
    try:
        place = (0, socket.if_nametoindex(scope)) if scope else ()
        with socket.socket(_FAMILIES[address.version], socket.SOCK_DGRAM) as sock:
            sock.bind((bare, 0, *place))
            sock.connect((bare, _DISCARD, *place))  # a broadcast address takes no such thing
    except (OSError, UnicodeError) as error:
        raise BadInput(
            f"{_SOURCE}: {address} is no address of this machine; see: ip -br addr"
        ) from error
    return str(address)


def check_reach(origin: Origin, host: str) -> None:
    """Refuse a target that is written as an address where the source can't reach it.

    Raises:
        BadInput: it is of the other family, or only one of the two is a loopback address.
    """
    try:
        target = ip_address(host)
    except ValueError:
        return
    if not origin.address:
        return
    if target.version != origin.version:
        raise BadInput(
            f"{_SOURCE} {origin.address} is IPv{origin.version}, and the target {host} is not;"
            f" give an IPv{target.version} address of this machine, or an interface"
        )
    if not origin.concerns(host) and ip_address(origin.address).is_loopback:
        raise BadInput(
            f"{_SOURCE} {origin.address}: nothing leaves this machine from it, and the target"
            f" {host} is outside; give another source"
        )
