"""Where a walk is to come from (``--mark``, ``--source``, ``--pid``), understood or refused."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from layerwalk.probes.origin import Origin
from layerwalk.probes.quarters import Quarters, quarters_of
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput

MARKS = range(1, 1 << 32)
PIDS = range(1, 1 << 22)
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


def pid_of(text: str) -> int:
    """Read the number of a process.

    Raises:
        BadInput: it is none.
    """
    if not _NUMBER.fullmatch(text) or not text.isdecimal() or int(text) not in PIDS:
        raise BadInput(f"'{shortened(text)}' is no process; give its number, as ps shows it")
    return int(text)


def origin_of(mark: int | None, source: str | None, pid: int | None = None) -> Origin:
    """Give the origin of a walk; a source must be an address or interface of its machine.

    Raises:
        BadInput: it is none, or there is no such process, or this user may not go there.
    """
    process = _process(pid) if pid is not None else None
    origin = Origin(mark=mark or 0, quarters=process)
    if source is None:
        return origin
    if process is None:
        return _from(source, origin, _HERE)
    there = _Place(f"process {pid}", f"nsenter -t {pid} -n ip -br addr")
    return process.within(lambda: _from(source, origin, there))


class _Place(NamedTuple):
    """Whose address or interface a source is, and how a person sees which there are."""

    owner: str
    listing: str


_HERE = _Place("this machine", "ip -br addr")


def _from(source: str, origin: Origin, place: _Place) -> Origin:
    try:
        address = ip_address(source)
    except ValueError:
        return replace(origin, interface=_interface(source, place))
    return replace(origin, address=_own(address, place))


def _process(pid: int) -> Quarters:
    try:
        return quarters_of(pid)
    except PermissionError as error:
        raise BadInput(
            f"--pid {pid}: this user may not enter that process's network; say it as root, or where"
            " it lives in a user namespace of your own, behind"
            f" nsenter --user --net --preserve-credentials -t {pid}"
        ) from error
    except OSError as error:
        raise BadInput(
            f"--pid {pid}: there is no such process, or it has ended; see: ps -e"
        ) from error


def _interface(name: str, place: _Place) -> str:
    """The name of an interface, as the kernel writes it."""
    label = ":" in name  # of an address of old style, which the kernel takes for its interface
    with suppress(OSError, ValueError, UnicodeError):
        if not label:
            return socket.if_indextoname(socket.if_nametoindex(name))
    raise BadInput(
        f"{_SOURCE}: {place.owner} has no address and no interface '{shortened(name)}';"
        f" see: {place.listing}"
    )


def _own(address: IPv4Address | IPv6Address, place: _Place) -> str:
    """The address, if it can be sent from: bound and connected to itself, unsent."""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_multicast or address.is_unspecified or address == _EVERYBODY:
        raise BadInput(
            f"{_SOURCE}: nothing is sent from {address}; give an address of this machine"
        )
    bare, _, scope = str(address).partition("%")
    if ":" in bare and address.is_link_local and not scope:
        raise BadInput(f"{_SOURCE}: a link-local address needs its interface: {bare}%INTERFACE")
    try:
        more = (0, socket.if_nametoindex(scope)) if scope else ()
        with socket.socket(_FAMILIES[address.version], socket.SOCK_DGRAM) as sock:
            sock.bind((bare, 0, *more))
            sock.connect((bare, _DISCARD, *more))  # a broadcast address takes no such thing
    except (OSError, UnicodeError) as error:
        raise BadInput(
            f"{_SOURCE}: {address} is no address of {place.owner}; see: {place.listing}"
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
