"""Where a walk's packets come from: the one place where its sockets get mark, source and interface.

Whatever a probe sends goes through a socket that ``Origin.open_socket`` opened, or that ``prepare``
or ``steer`` was told of, so that policy routing treats all packets of a walk alike: socket(7) has
SO_MARK and SO_BINDTODEVICE, ip-rule(8) what they decide.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address

from layerwalk.probes.facts import Outcome
from layerwalk.probes.port_choice import leave_port_to_connect
from layerwalk.probes.quarters import Quarters

NO_MARK = (
    "packets can't be marked (--mark) without CAP_NET_ADMIN or, from Linux 5.17 on, CAP_NET_RAW; "
    "nothing is sent without its mark"
)
NO_INTERFACE = "this user may not bind sockets to the interface (--source): it takes CAP_NET_RAW"

_UNSPECIFIED = {4: "0.0.0.0", 6: "::"}
_LOOPBACK_INTERFACE = "lo"
_IP_PKTINFO = 8  # linux/in.h; Python has no name for it before 3.14
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}

Ancillary = list[tuple[int, int, bytes]]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What ``--mark``, ``--source`` and ``--pid`` ask of every packet of a walk.

    ``mark`` is the firewall mark, 0 for none. Of ``address``, from which packets come, and
    ``interface``, by which they leave, at most one is given. Both say nothing of packets that stay
    on this machine (to 127.0.0.1, to ::1): those have no way to choose; the mark does. ``quarters``
    is the process in whose network the walk takes place.
    """

    mark: int = 0
    address: str = ""
    interface: str = ""
    quarters: Quarters | None = None

    @property
    def plain(self) -> bool:
        """Whether packets leave as any program's do that asks for nothing."""
        away = self.quarters is not None and self.quarters.foreign
        return not (self.mark or self.source or away)

    def enter(self) -> None:
        """Move the calling thread, and those that it starts, into the network of the process.

        Raises:
            OSError: it may not.
        """
        if self.quarters:
            self.quarters.enter()

    @property
    def source(self) -> str:
        """The address or the interface, as ``--source`` takes it."""
        return self.address or self.interface

    @property
    def words(self) -> tuple[str, ...]:
        """The options that ask for it, for a command line."""
        mark = ("--mark", f"{self.mark:#x}") if self.mark else ()
        source = ("--source", self.source) if self.source else ()
        return (*mark, *source, *(("--pid", str(self.quarters.pid)) if self.quarters else ()))

    @property
    def version(self) -> int | None:
        """The IP version that the source address leaves; ``None`` where both are possible."""
        return ip_address(self.address).version if self.address else None

    def open_socket(
        self, family: socket.AddressFamily, kind: socket.SocketKind, *, to: str
    ) -> socket.socket:
        """Open a socket of this walk that sends to an address; ``prepare`` says what it may raise.

        Every probe that is about to connect or send opens its sockets so.
        """
        sock = socket.socket(family, kind)
        try:
            self.prepare(sock, to)
        except OSError:
            sock.close()
            raise
        return sock

    def prepare(self, sock: socket.socket, to: str) -> None:
        """Make an unbound socket send to an address as this walk does.

        Raises:
            OriginError: it may not be marked or bound to the interface, or is of a family that the
                source is not of.
            OSError: the source is no address of this machine.
        """
        self.steer(sock, to)
        if self.address and self.concerns(to):
            bare, _, scope = self.address.partition("%")
            index = socket.if_nametoindex(scope) if scope else 0
            six = sock.family == socket.AF_INET6
            if six is not (":" in bare):
                words = f"nothing leaves for {to}: --source {self.address} is of the other family"
                raise OriginError(words, Outcome.NOT_RUN)
            if sock.type == socket.SOCK_STREAM:
                leave_port_to_connect(sock)
            sock.bind((bare, 0, 0, index) if six else (bare, 0))

    def steer(self, sock: socket.socket, to: str) -> None:
        """Give mark and interface to a socket that somebody else binds to its source address.

        Raises:
            OriginError: there is no right to.
        """
        self.stamp(sock)
        try:
            if self.interface and self.concerns(to):
                name = self.interface.encode() + b"\0"
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, name)
        except PermissionError as error:
            raise OriginError(NO_INTERFACE) from error

    def stamp(self, sock: socket.socket) -> None:
        """Give the mark alone to a socket that chooses its way by itself.

        Raises:
            OriginError: there is no right to.
        """
        try:
            if self.mark:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, struct.pack("I", self.mark))
        except PermissionError as error:
            raise OriginError(NO_MARK) from error

    def concerns(self, to: str) -> bool:
        """Whether source and interface count for packets to an address."""
        if not (self.address or self.interface):
            return False
        inward = self.interface == _LOOPBACK_INTERFACE or _is_loopback(self.address)
        return _is_loopback(to) is inward

    def towards(self, to: str) -> Origin:
        """Give what of it counts for packets to an address."""
        return self if self.concerns(to) else Origin(mark=self.mark)

    def index(self, to: str) -> int:
        """The number of the interface by which packets to an address leave, 0 for any.

        Raises:
            OSError: there is no such interface.
        """
        named = self.interface and self.concerns(to)
        return socket.if_nametoindex(self.interface) if named else 0

    def routed(self, source: str, to: str) -> Ancillary:
        """What tells a raw socket which way one whole packet goes: IP_PKTINFO, ip(7), ipv6(7).

        The kernel does not look at the packet's own source when it looks for a route. Of IPv4 it
        must be told, because connect() looks again with the source that it chose; IPv6 does not.
        """
        version = 6 if ":" in to else 4
        told = source if version == 4 or self.address else ""
        bare = told.partition("%")[0] or _UNSPECIFIED[version]
        packed = socket.inet_pton(_FAMILIES[version], bare)
        if version == 6:
            info = packed + struct.pack("I", self.index(to))
            return [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, info)] if any(info) else []
        return [(socket.IPPROTO_IP, _IP_PKTINFO, struct.pack("I4s4x", self.index(to), packed))]

    def bars(self) -> str:
        """Why nothing can be sent as this walk must, empty where it can."""
        family = _FAMILIES[self.version or 4]
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as sock:
            try:
                self.steer(sock, _UNSPECIFIED[self.version or 4])
            except OriginError as error:
                return str(error.strerror)
            except OSError as error:
                return f"{self.interface}: {error.strerror or os.strerror(error.errno or 0)}"
        return ""


class OriginError(OSError):
    """A socket can't be made as the walk must have it, so that nothing may be sent by it.

    ``outcome`` says what that makes of a measurement: not permitted, or not run.
    """

    def __init__(self, words: str, outcome: Outcome = Outcome.NOT_PERMITTED) -> None:
        super().__init__(errno.EPERM, words)
        self.outcome = outcome


HERE = Origin()
"""Where packets come from when nobody asks for anything."""


def _is_loopback(address: str) -> bool:
    return bool(address) and ip_address(address.partition("%")[0]).is_loopback
