"""UDP datagrams and echo requests from sockets of their own: answers come by receive or error."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.drops import dropped_by
from layerwalk.probes.wire.kernel.error_queue import reports, ttl_of
from layerwalk.probes.wire.kernel.sockets import destination, opened
from layerwalk.probes.wire.packets import Packet, returns
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.stamps import stamp_of

_UDP_HEADER = 8
_FILLER = 4
"""So many bytes at the beginning of a datagram's payload tell it from all others."""

_ICMP = {4: socket.IPPROTO_ICMP, 6: socket.IPPROTO_ICMPV6}


@dataclass
class DatagramProbe:
    """A datagram under way.

    ``answers`` tells whether what came back is its answer, and ``is_quoted`` whether what an ICMP
    error quotes may be of it: the kernel looks at ports or identifier only, which can be guessed.
    """

    packet: Packet
    sock: socket.socket
    take: Take
    until: float
    kind: AnswerKind
    answers: Callable[[bytes], bool] = lambda _data: True
    is_quoted: Callable[[bytes], bool] = lambda _data: True

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self.sock.fileno()

    def look(self) -> bool:
        """Hand in errors and answers; one of either is all that is waited for."""
        return self._errors() | self._received()

    def _errors(self) -> bool:
        found = False
        for report in reports(self.sock, self.packet.peer.version):
            heard = report.heard(self.packet.identity)
            if heard and self.is_quoted(report.quoted):
                self.take(Arrival(heard, "", report.stamp))
                found = True
        self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return found

    def _received(self) -> bool:
        with suppress(OSError):
            data, ancillary, _, _ = self.sock.recvmsg(2048, 512, socket.MSG_DONTWAIT)
            if self.answers(data):
                identity, source = self.packet.identity, self.packet.peer.dst
                heard = Heard(
                    kind=self.kind, identity=identity, responder=source, ttl=ttl_of(ancillary)
                )
                self.take(Arrival(heard, "", stamp_of(ancillary)))
                return True
        return False

    def dropped(self) -> int:
        """How many packets have found no room in the socket's buffer."""
        return dropped_by(self.sock)

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()


def send_udp(packet: Packet, take: Take, until: float, origin: Origin = HERE) -> DatagramProbe:
    """Send a datagram with the packet's payload; only an ICMP error is an answer to it.

    Nothing in a datagram that comes back would show that its sender has seen ours: to anybody who
    guesses the ports it is as easily sent.

    Raises:
        OSError: the kernel refuses to send: a rule (EPERM), no route, too long.
    """
    sock = opened(packet, socket.SOCK_DGRAM, origin=origin)
    payload = packet.data[packet.peer.header + _UDP_HEADER :]
    _leave(sock, packet, packet.identity.second, payload)

    def is_quoted(data: bytes) -> bool:
        """Some routers quote no payload at all (RFC 792)."""
        return data[:_FILLER] == payload[: min(_FILLER, len(data))]

    def is_ours(_data: bytes) -> bool:
        return False

    return DatagramProbe(packet, sock, take, until, AnswerKind.UDP, is_ours, is_quoted)


def _leave(sock: socket.socket, packet: Packet, port: int, payload: bytes) -> None:
    try:
        sock.connect(destination(packet, port))
        sock.send(payload)
    except OSError:
        sock.close()
        raise


def send_echo(packet: Packet, take: Take, until: float, origin: Origin = HERE) -> DatagramProbe:
    """Send an echo request from a ping socket (icmp(7)); the kernel chooses its identifier.

    Raises:
        OSError: ping sockets are not permitted, or the kernel refuses to send.
    """
    sock = opened(packet, socket.SOCK_DGRAM, _ICMP[packet.peer.version], origin)
    _leave(sock, packet, 0, packet.data[packet.peer.header :])

    def is_ours(data: bytes) -> bool:
        return is_quoted(data) and returns(packet, data[8:16])

    def is_quoted(data: bytes) -> bool:
        return data[6:8] == packet.identity.number.to_bytes(2, "big")

    return DatagramProbe(packet, sock, take, until, AnswerKind.ECHO_REPLY, is_ours, is_quoted)


def ping_sockets_allowed() -> bool:
    """Whether this user may open ping sockets (net.ipv4.ping_group_range, for both families)."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, _ICMP[4]).close()
    except OSError:
        return False
    return True
