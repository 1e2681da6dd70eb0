"""Asking ports without rights: one non-blocking connect() each, reset as soon as it is made.

What became of it, as in nmap's words: established is ``syn-ack``; ECONNREFUSED with an empty error
queue is ``reset``; an entry in the queue (IP_RECVERR, ip(7)) is the ICMP error with its sender.
"""

from __future__ import annotations

import errno
import resource
import select
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress

from layerwalk.probes.facts.ports import Reason, ScanState
from layerwalk.probes.origin import Origin, OriginError
from layerwalk.probes.port_choice import connect_from_outside
from layerwalk.probes.scan.carrier import Sent
from layerwalk.probes.scan.reasons import Reply, reason_of
from layerwalk.probes.wire.kernel.error_queue import listen_for_errors, reports
from layerwalk.probes.wire.packets import Peer

_MOST, _SPARE = 4000, 256
_BY_ERRNO = {
    errno.ECONNREFUSED: (ScanState.CLOSED, Reason.RESET),
    errno.EHOSTUNREACH: (ScanState.FILTERED, Reason.HOST_UNREACH),
    errno.ENETUNREACH: (ScanState.FILTERED, Reason.NET_UNREACH),
    errno.EACCES: (ScanState.FILTERED, Reason.ADMIN_PROHIBITED),
}
_MADE = {0, errno.ECONNRESET, errno.EPIPE}
"""Established, or made and lost again before anyone looked."""

_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_GONE = struct.pack("ii", 1, 0)


class ConnectCarrier:
    """Connection attempts of the kernel's, as many at once as files may be open."""

    half_open = False

    def __init__(self, peer: Peer, origin: Origin) -> None:
        """Make room.

        Raises:
            OriginError: nothing may be sent as this walk must.
        """
        if why := origin.bars():
            raise OriginError(why)
        self._origin, self._target = origin, peer.dst
        self._version = peer.version
        self._family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
        self._address = socket.getaddrinfo(peer.address, 1, self._family, socket.SOCK_STREAM)[0][4]
        self._window = min(_MOST, max(_files() - _SPARE, 16))
        self._epoll = select.epoll()
        self._open: dict[int, tuple[socket.socket, int]] = {}
        self._numbers: dict[int, int] = {}
        self._ready: list[Reply] = []

    @property
    def room(self) -> int:
        """How many more attempts may be under way."""
        return self._window - len(self._open)

    def ask(self, ports: Sequence[int]) -> Sent:
        """Begin to connect to each port."""
        for place, port in enumerate(ports):
            error = self._begin(port)
            if error in _NO_ROOM:
                self._window = max(len(self._open), 16)
                return Sent(place)
            if error:
                return Sent(place, port)
        return Sent(len(ports))

    def _begin(self, port: int) -> int:
        """Begin to connect; gives the errno where this machine itself refuses."""
        try:
            sock = self._origin.open_socket(self._family, socket.SOCK_STREAM, to=self._target)
        except OSError as error:
            return error.errno or errno.EMFILE
        sock.setblocking(False)
        listen_for_errors(sock, self._version)
        place = (self._address[0], port, *self._address[2:])
        code = sock.connect_ex(place)
        if code == errno.EADDRNOTAVAIL:
            code = connect_from_outside(sock, place)
        if code == errno.EINPROGRESS:
            self._open[sock.fileno()] = sock, port
            self._numbers[port] = sock.fileno()
            self._epoll.register(sock, select.EPOLLOUT)
            return 0
        reply = self._reply(sock, port, code)
        _reset(sock)
        if reply is None or code == errno.EACCES:
            return code
        self._ready.append(reply)
        return 0

    def replies(self, seconds: float) -> list[Reply]:
        """See which attempts have come to an end."""
        found, self._ready = self._ready, []
        for number, _ in self._epoll.poll(0.0 if found else max(seconds, 0.0), self._window):
            sock, port = self._open[number]
            reply = self._reply(sock, port, sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            self._close(port)
            if reply:
                found.append(reply)
        return found

    def _reply(self, sock: socket.socket, port: int, code: int) -> Reply | None:
        """What an attempt that ended with this errno says of its port."""
        if code in _MADE:
            return Reply(port, ScanState.OPEN, Reason.SYN_ACK)
        for report in reports(sock, self._version):
            reason = reason_of(self._version, report.icmp_type, report.icmp_code)
            if reason:
                return Reply(port, ScanState.FILTERED, reason, report.offender)
        fate = _BY_ERRNO.get(code)
        return Reply(port, *fate) if fate else None

    def give_up(self, ports: Sequence[int]) -> None:
        """End the attempts at these ports."""
        for port in ports:
            if port in self._numbers:
                self._close(port)

    def take_back(self, ports: Sequence[int]) -> Sent:
        """Nothing to do: the kernel resets what comes for a socket that is gone."""
        return Sent(len(ports))

    def dropped(self) -> int:
        """Nothing gets lost between the kernel and a socket of its own."""
        return 0

    def close(self) -> None:
        """End all attempts."""
        for port in list(self._numbers):
            self._close(port)
        self._epoll.close()

    def _close(self, port: int) -> None:
        sock, _ = self._open.pop(self._numbers.pop(port))
        _reset(sock)


def _reset(sock: socket.socket) -> None:
    """Close without a trace: what was made is reset (SO_LINGER of no time, socket(7))."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _GONE)
    sock.close()


def _files() -> int:
    """How many files may be open, once the soft limit is as high as this process may set it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
