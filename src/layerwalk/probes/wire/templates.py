"""Packet templates, made by scapy: the only place where scapy builds packets."""

from __future__ import annotations

from typing import Any


def layers() -> Any:
    """Import scapy's layers without its look at this machine's routes, which may take minutes."""
    from scapy.config import conf

    conf.route_autoload = False
    conf.route6_autoload = False
    from scapy.layers import inet, inet6

    return inet, inet6


def build(version: int, source: str, destination: str, kind: str, mtu: int) -> bytes:
    """Build a packet of this kind: ``echo``, ``udp``, ``syn`` (with options) or ``bare`` TCP."""
    inet, inet6 = layers()
    if version == 4:
        network = inet.IP(src=source, dst=destination, flags="DF")
    else:
        network = inet6.IPv6(src=source, dst=destination)
    return bytes(network / _transport(inet, inet6, version, kind, mtu))


def _transport(inet: Any, inet6: Any, version: int, kind: str, mtu: int) -> Any:
    """The layer above IP; the MSS is what the interface takes (RFC 6691)."""
    if kind == "echo":
        return (inet.ICMP() if version == 4 else inet6.ICMPv6EchoRequest()) / bytes(24)
    if kind == "udp":
        return inet.UDP() / bytes(24)
    if kind == "bare":
        return inet.TCP(flags="", window=502)
    mss = mtu - (40 if version == 4 else 60)
    options = [("MSS", mss), ("SAckOK", b""), ("Timestamp", (1, 0)), ("NOP", None), ("WScale", 7)]
    return inet.TCP(flags="S", window=64240, options=options)


def warm_up() -> None:
    """Import scapy now, so that the first packet does not wait for it."""
    layers()
