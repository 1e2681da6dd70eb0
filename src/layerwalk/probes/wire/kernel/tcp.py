"""A SYN by the kernel's own connect(): one socket a probe, reset as soon as it is answered.

The listener's queue never holds it: a socket that does not acknowledge at once (TCP_QUICKACK of 0,
tcp(7)) puts the last ACK of the handshake off for up to 0.2 s, and is reset before (measured with
Linux 6.18: a queue of one that nobody empties answers any number of such attempts).

What became of it (measured, and tcp(7)): established means SYN-ACK; ECONNREFUSED with an empty
error queue is a reset; an entry in the queue is the ICMP error with its sender.
"""

from __future__ import annotations

import errno
import select
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from layerwalk.probes.facts import AnswerKind
from layerwalk.probes.facts.tcp_info import TcpInfo
from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.tcp_info import tcp_info
from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.kernel.error_queue import reports
from layerwalk.probes.wire.kernel.sockets import destination, opened
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.stamps import stamp_of

EVENTS = select.EPOLLOUT

LEAST_TTL = {4: (socket.IPPROTO_IP, 21), 6: (socket.IPPROTO_IPV6, 73)}
"""IP_MINTTL and IPV6_MINHOPCOUNT, which Python has no names for (linux/in.h, linux/in6.h)."""

_REPEATS = 2
"""With one, the kernel gives up after 3.1 s (measured), just when the router's report comes."""

_UNDER_WAY = {0, errno.EINPROGRESS}
_MADE_AND_LOST = {errno.ECONNRESET, errno.EPIPE}


@dataclass
class SynProbe:
    """One connection attempt under way."""

    packet: Packet
    sock: socket.socket
    take: Take
    until: float
    error: int = 0

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self.sock.fileno()

    def look(self) -> bool:
        """Hand in the answer, if it is one that ends the attempt."""
        now = stamp_of(())
        said = list(reports(self.sock, self.packet.peer.version))
        for report in said:
            heard = report.heard(self.packet.identity)
            if heard:
                self.take(Arrival(heard, "", report.stamp))
        if said:
            return True
        error = self.error or self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error == errno.ECONNREFUSED:
            self.take(Arrival(self._heard(AnswerKind.RST), "", now))
        info = tcp_info(self.sock)
        if info.established and self._met_itself():
            self.take(Arrival(self._heard(AnswerKind.RST), "", now))
            return True
        if info.established or error in _MADE_AND_LOST:
            rtt_s = info.rtt_s if not info.total_retrans else None
            self.take(Arrival(self._heard(AnswerKind.SYN_ACK, info), "", now, rtt_s=rtt_s))
            return True
        return error != 0

    def _heard(self, kind: AnswerKind, info: TcpInfo | None = None) -> Heard:
        return Heard(
            kind=kind,
            identity=self.packet.identity,
            responder=self.packet.peer.dst,
            ttl=0,
            mss=info.announced_mss if info else None,
            options=info.options if info else (),
        )

    def _met_itself(self) -> bool:
        """Whether the kernel chose the very port that is asked for, which nobody listens on.

        The SYN then meets the socket that has sent it, and connects it with itself.
        """
        with suppress(OSError):
            return bool(self.sock.getsockname() == self.sock.getpeername())
        return False

    def dropped(self) -> int:
        """Nothing that could be told."""
        return 0

    def close(self) -> None:
        """Reset what was made (SO_LINGER of no time, socket(7)), and let go."""
        linger = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.sock.close()


def send_syn(
    packet: Packet, take: Take, until: float, origin: Origin = HERE, *, outside: bool = False
) -> SynProbe:
    """Begin to connect, with as few repeats as outlast a router's search for a host.

    ``outside`` leaves the ports that the kernel gives to programs alone.

    Raises:
        OSError: the kernel refuses at once: no route, a rule, no port.
    """
    sock = opened(packet, socket.SOCK_STREAM, origin=origin, outside=outside)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, _REPEATS)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
    if packet.least_ttl:
        sock.setsockopt(*LEAST_TTL[packet.peer.version], packet.least_ttl)
    error = sock.connect_ex(destination(packet, packet.identity.second))
    if error in _UNDER_WAY:
        return SynProbe(packet, sock, take, until)
    if error == errno.ECONNREFUSED:  # by this machine itself: an answer that is there already
        return SynProbe(packet, sock, take, until, error)
    sock.close()
    if error == errno.EADDRNOTAVAIL and not (outside or packet.bound):
        return send_syn(packet, take, until, origin, outside=True)
    raise OSError(error, "connect")
