"""Sending: raw sockets that take a packet with its IP header."""

from __future__ import annotations

import socket

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.packets import Packet

_IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE = 10, 3
_IPV6_MTU_DISCOVER, _IPV6_HDRINCL = 23, 36


def _raw_4() -> socket.socket:
    """A socket for whole IPv4 packets; a path MTU that the kernel remembers is not applied."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE)
    return sock


def _raw_6() -> socket.socket:
    """A socket for whole IPv6 packets (IPV6_HDRINCL, ipv6(7))."""
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER, _IP_PMTUDISC_PROBE)
    return sock


class Sender:
    """One raw socket a family, opened while there are rights to."""

    def __init__(self, origin: Origin = HERE) -> None:
        """Open the sockets; packets get the origin's mark, and leave by the way that it says.

        Raises:
            PermissionError: no CAP_NET_RAW, or no right to mark packets.
        """
        self._origin = origin
        self._four = _raw_4()
        try:
            self._six: socket.socket | None = _raw_6()
        except PermissionError:
            raise
        except OSError:
            self._six = None
        try:
            for sock in filter(None, (self._four, self._six)):
                origin.stamp(sock)
        except OSError:
            self.close()
            raise

    def send(self, packet: Packet) -> int:
        """Send one packet; returns 0, or the errno with which the kernel refused it."""
        sock = self._six if packet.peer.version == 6 else self._four
        if sock is None:
            return 97
        try:
            way = self._origin.routed(packet.peer.source, packet.peer.dst)
            sock.sendmsg([packet.data], way, 0, _destination(packet))
        except OSError as error:
            return error.errno or -1
        return 0

    def close(self) -> None:
        """Close the sockets."""
        self._four.close()
        if self._six is not None:
            self._six.close()


def _destination(packet: Packet) -> tuple[str, int] | tuple[str, int, int, int]:
    address, _, scope = packet.peer.address.partition("%")
    if packet.peer.version == 4:
        return address, 0
    index = 0
    if scope or address.lower().startswith("fe80"):
        index = socket.if_nametoindex(scope or packet.peer.interface)
    return address, 0, 0, index
