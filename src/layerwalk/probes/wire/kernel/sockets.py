"""Sockets for one probe each: bound to the walk's source address, with the probe's TTL."""

from __future__ import annotations

import socket

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.kernel.error_queue import listen_for_errors
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.stamps import SO_TIMESTAMPNS

_IP_MTU_DISCOVER, _IPV6_MTU_DISCOVER, _PROBE = 10, 23, 3

Address = tuple[str, int] | tuple[str, int, int, int]


def opened(
    packet: Packet, kind: socket.SocketKind, protocol: int = 0, origin: Origin = HERE
) -> socket.socket:
    """Open a socket of the walk's that sends with the packet's TTL, and never in fragments.

    A path MTU that the kernel remembers is not applied (IP_PMTUDISC_PROBE, ip(7)).

    Raises:
        OSError: the kind or the mark is not permitted, or the source is not this machine's.
    """
    six = packet.peer.version == 6
    sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind, protocol)
    try:
        sock.setblocking(False)
        origin.steer(sock, packet.peer.dst)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        listen_for_errors(sock, packet.peer.version)
        if six:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, packet.hop)
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER, _PROBE)
        else:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, packet.hop)
            sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _PROBE)
        if packet.peer.source:
            sock.bind(_address(packet.peer.source, 0, packet.peer))
    except OSError:
        sock.close()
        raise
    return sock


def destination(packet: Packet, port: int) -> Address:
    """Where the packet goes, as a socket is told."""
    return _address(packet.peer.address, port, packet.peer)


def _address(text: str, port: int, peer: Peer) -> Address:
    address, _, scope = text.partition("%")
    if ":" not in address:
        return address, port
    index = 0
    if scope or address.lower().startswith("fe80"):
        index = socket.if_nametoindex(scope or peer.interface)
    return address, port, 0, index
