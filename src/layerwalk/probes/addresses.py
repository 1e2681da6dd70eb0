"""The addresses of one interface, by netifaces2.

The only place that knows the library's ways: its IPv6 link-local addresses may lack their scope,
its netmasks and gateways differ from flavour to flavour, and each call reads every interface of the
machine. So it is asked for addresses alone, of one interface, and never in a loop over all.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address

_FAMILIES = (socket.AF_INET, socket.AF_INET6)


def own_addresses(interface: str) -> tuple[str, ...]:
    """List the addresses of an interface, without prefix, IPv4 first.

    Link-local IPv6 addresses carry their scope (``fe80::1%eth0``, RFC 4007). Empty where there is
    no such interface or it has no address.
    """
    # Late: loading the library takes longer than all that is asked of it.
    import netifaces

    try:
        entries = netifaces.ifaddresses(interface)
    except (OSError, ValueError):
        return ()
    found = [entry.get("addr", "") for family in _FAMILIES for entry in entries.get(family, ())]
    return tuple(dict.fromkeys(_scoped(address, interface) for address in found if address))


def _scoped(address: str, interface: str) -> str:
    bare = address.partition("%")[0]
    return f"{bare}%{interface}" if ":" in bare and ip_address(bare).is_link_local else bare
