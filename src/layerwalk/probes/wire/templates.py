"""Packet templates, made by scapy: the only place where scapy builds packets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layerwalk.probes.facts import SynOption


def layers() -> Any:
    """Import scapy's layers without its look at this machine's routes, which may take minutes."""
    from scapy.config import conf

    conf.route_autoload = False
    conf.route6_autoload = False
    from scapy.layers import inet, inet6

    return inet, inet6


def build(version: int, source: str, destination: str, kind: str) -> bytes:
    """Build a packet of this kind: ``echo``, ``udp`` or ``bare`` TCP."""
    inet, inet6 = layers()
    if version == 4:
        network = inet.IP(src=source, dst=destination, flags="DF")
    else:
        network = inet6.IPv6(src=source, dst=destination)
    return bytes(network / _transport(inet, inet6, version, kind))


def _transport(inet: Any, inet6: Any, version: int, kind: str) -> Any:
    """The layer above IP."""
    if kind == "echo":
        return (inet.ICMP() if version == 4 else inet6.ICMPv6EchoRequest()) / bytes(24)
    if kind == "udp":
        return inet.UDP() / bytes(24)
    return inet.TCP(flags="", window=502)


_NO_OP = ("NOP", None)
_FLAGS = {SynOption.ECN: "SEC", SynOption.ACCURATE_ECN: "SECN"}


def build_syn(version: int, mtu: int, options: Sequence[SynOption]) -> bytes:
    """Build the TCP header of a SYN; the MSS is what the interface takes (RFC 6691)."""
    inet, _ = layers()
    every: dict[SynOption, list[tuple[Any, Any]]] = {
        SynOption.MSS: [("MSS", mtu - (40 if version == 4 else 60))],
        SynOption.SACK: [("SAckOK", b"")],
        SynOption.TIMESTAMPS: [("Timestamp", (1, 0))],
        SynOption.WINDOW_SCALE: [_NO_OP, ("WScale", 7)],
        SynOption.FAST_OPEN: [(_FAST_OPEN, b""), _NO_OP, _NO_OP],
    }
    flags = next((_FLAGS[option] for option in options if option in _FLAGS), "S")
    written = [one for option in options for one in every.get(option, [])]
    return bytes(inet.TCP(flags=flags, window=64240, options=written))


_FAST_OPEN = 34
"""The kind of the option; without a cookie it asks for one (RFC 7413 2.1)."""


def warm_up() -> None:
    """Import scapy now, so that the first packet does not wait for it."""
    layers()
