"""Where NAT sends a connection instead, by the packet as it left the rules. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from layerwalk.probes.facts import endpoint
from layerwalk.probes.firewall.packet import LOCAL, Endpoints, Packet
from layerwalk.probes.firewall.values import Value

_ELSEWHERE = "another address"


def handed_on(packet: Packet, ends: Endpoints) -> str:
    """Give the new destination; empty where it is the one that it was.

    A rule that says ``redirect`` leaves the address to this machine, and names a port of it.
    """
    own = ip_address(ends.destination.partition("%")[0])
    address, port = packet.get(packet.header, "daddr"), packet.get("tcp", "dport")
    if address == int(own) and port == ends.destination_port:
        return ""
    named = _address(address, packet.version)
    if not isinstance(port, int):
        return named or _ELSEWHERE
    if named:
        return endpoint(named, port)
    here = packet.get("fib", "daddr") == LOCAL
    return f"port {port} of {'this machine' if here else _ELSEWHERE}"


def _address(value: Value, version: int) -> str:
    if not isinstance(value, int):
        return ""
    return str(IPv6Address(value) if version == 6 else IPv4Address(value))
