"""Sockets for one probe each: bound to the walk's source address, with the probe's TTL."""

from __future__ import annotations

import socket
import struct
from ipaddress import ip_address

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.port_choice import bind_outside, leave_port_to_connect
from layerwalk.probes.wire.kernel.error_queue import listen_for_errors
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.stamps import SO_TIMESTAMPNS

_IPV6_FLOWLABEL_MGR, _IPV6_FLOWINFO_SEND = 32, 33
_LEASE = struct.Struct("=16s4sBBHHHxxxx")
_GET, _SHARED, _CREATE = 0, 255, 1
_IP_MTU_DISCOVER, _IPV6_MTU_DISCOVER, _PROBE = 10, 23, 3

Address = tuple[str, int] | tuple[str, int, int, int]


def opened(
    packet: Packet,
    kind: socket.SocketKind,
    protocol: int = 0,
    origin: Origin = HERE,
    *,
    outside: bool = False,
) -> socket.socket:
    """Open a socket of the walk's that sends with the packet's TTL, and never in fragments.

    A path MTU that the kernel remembers is not applied (IP_PMTUDISC_PROBE, ip(7)). ``outside``
    leaves the ports that the kernel gives to programs alone.

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
        if packet.bound:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            _take_label(sock, packet)
        if packet.peer.source:
            _bind(sock, packet, outside=outside)
    except OSError:
        sock.close()
        raise
    return sock


def _bind(sock: socket.socket, packet: Packet, *, outside: bool) -> None:
    own = packet.identity.first if packet.bound else 0
    place = _address(packet.peer.source, own, packet.peer)
    if outside and not own:
        bind_outside(sock, place)
        return
    if sock.type == socket.SOCK_STREAM and not own:
        leave_port_to_connect(sock)
    sock.bind(place)


def destination(packet: Packet, port: int) -> Address:
    """Where the packet goes, as a socket is told."""
    return _address(packet.peer.address, port, packet.peer, packet.label if packet.bound else 0)


def _take_label(sock: socket.socket, packet: Packet) -> None:
    """Lease the packet's flow label for this socket, or else the kernel makes one up.

    It would make another one for each connection, and for each repeat (RFC 6437 3, ipv6.h's
    ``in6_flowlabel_req``). A lease of the same label by another socket of ours is shared.
    """
    if not packet.label:
        return
    there = ip_address(packet.peer.dst).packed
    lease = _LEASE.pack(there, packet.label.to_bytes(4), _GET, _SHARED, _CREATE, 0, 0)
    sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_FLOWLABEL_MGR, lease)
    sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_FLOWINFO_SEND, 1)


def _address(text: str, port: int, peer: Peer, label: int = 0) -> Address:
    address, _, scope = text.partition("%")
    if ":" not in address:
        return address, port
    index = 0
    if scope or address.lower().startswith("fe80"):
        index = socket.if_nametoindex(scope or peer.interface)
    return address, port, label, index
