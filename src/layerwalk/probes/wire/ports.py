"""Source ports that are ours alone while the walk lasts."""

from __future__ import annotations

import socket
from contextlib import suppress
from functools import cached_property
from typing import Any

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.port_choice import bind_anywhere, ports_are_scarce
from layerwalk.probes.wire.filter import acknowledging, attach


class Ports:
    """Reserved local ports: bound, never listening, so the kernel resets what comes in there.

    That reset is wanted: it takes a half-open connection back at the target at once. A socket that
    says so (SO_REUSEADDR, socket(7)) may connect from one of them; nobody gets one unasked.

    Where raw packets leave from them by a mark or an interface (``raw``), what the kernel answers
    must have it, too, so that something is there for it to answer by.

    Where programs have few ports left, or none, these come from outside their range.
    """

    def __init__(self, origin: Origin = HERE, *, raw: bool = True) -> None:
        self._origin = origin
        self._answering = raw and bool(origin.mark or origin.interface)
        self._held: dict[tuple[str, str], socket.socket] = {}
        self._deaf: list[socket.socket] = []

    def reserve(self, source: str, purpose: str) -> int:
        """Reserve a port on this source address; the same purpose gets the same port.

        Raises:
            OSError: no port is free, or the address is not this machine's.
        """
        key = (source, purpose)
        if key not in self._held:
            sock = self._bound(socket.SOCK_STREAM, _local(source))
            self._held[key] = sock
            if self._answering:
                _reset_by(sock)
                # Datagrams are taken in and left alone: nobody is told that the port is closed.
                with suppress(OSError):
                    self._deaf.append(self._bound(socket.SOCK_DGRAM, sock.getsockname()))
        return int(self._held[key].getsockname()[1])

    def _bound(self, kind: socket.SocketKind, place: tuple[Any, ...]) -> socket.socket:
        six = ":" in place[0]
        sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._origin.steer(sock, place[0])
            if place[1]:
                sock.bind(place)
            else:
                bind_anywhere(sock, place, scarce=self._scarce)
        except OSError:
            sock.close()
            raise
        return sock

    @cached_property
    def _scarce(self) -> bool:
        return ports_are_scarce()

    def close(self) -> None:
        """Give all ports back."""
        for sock in (*self._held.values(), *self._deaf):
            sock.close()


def _reset_by(sock: socket.socket) -> None:
    """Have the kernel's resets for this port leave by this socket's mark and interface.

    Only a socket that listens hands them on (tcp_v4_send_reset in the kernel); and this one takes
    no connection, because its filter passes nothing but what acknowledges, which is reset.
    """
    attach(sock, acknowledging())
    sock.listen(0)


def _local(source: str) -> tuple[str, int] | tuple[str, int, int, int]:
    address, _, scope = source.partition("%")
    if ":" not in address:
        return address, 0
    return address, 0, 0, socket.if_nametoindex(scope) if scope else 0
