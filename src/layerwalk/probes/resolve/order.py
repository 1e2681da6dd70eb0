"""The addresses that a program would try, where the system itself has not said."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence

from layerwalk.probes.facts import Family, HostsEntry, NameserverAnswer, family_of
from layerwalk.probes.origin import HERE, Origin

_DISCARD_PORT = 9


def usable(address: str, origin: Origin = HERE) -> bool:
    """Tell whether packets of a walk to an address have a source. Sends nothing."""
    family = socket.AF_INET6 if family_of(address) == 6 else socket.AF_INET
    bare, _, scope = address.partition("%")
    try:
        place = (0, socket.if_nametoindex(scope)) if scope else ()
        with origin.open_socket(family, socket.SOCK_DGRAM, to=bare) as probe:
            probe.connect((bare, _DISCARD_PORT, *place))
    except OSError:
        return False
    return True


def chosen(
    hosts: Sequence[HostsEntry],
    nameservers: Iterable[NameserverAnswer],
    sources: Sequence[str],
    family: Family | None,
) -> tuple[str, ...]:
    """Choose as nsswitch does: what the first of its services has that has any address."""
    listed = tuple(entry.address for entry in hosts)
    told = next((answer.addresses for answer in nameservers if answer.addresses), ())
    known = {"files": listed, "dns": told, "resolve": told}
    of_family = (
        tuple(dict.fromkeys(a for a in known.get(name, ()) if family in {None, family_of(a)}))
        for name in sources
    )
    return next((found for found in of_family if found), ())


def ordered(addresses: Iterable[str], is_usable: Callable[[str], bool] = usable) -> tuple[str, ...]:
    """Put usable addresses first, and IPv6 before IPv4 (RFC 6724 section 6, rules 1 and 6)."""
    return tuple(sorted(addresses, key=lambda it: (not is_usable(it), -family_of(it))))
