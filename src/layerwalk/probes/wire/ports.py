"""Source ports that are ours alone while the walk lasts."""

from __future__ import annotations

import socket
from contextlib import suppress

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.wire.filter import acknowledging, attach


class Ports:
    """Reserved local ports: bound, never listening, so the kernel resets what comes in there.

    That reset is wanted: it takes a half-open connection back at the target at once. Where the walk
    has a mark or an interface, the resets must have it, too. A socket that says so (SO_REUSEADDR,
    socket(7)) may connect from one of them; nobody gets one unasked.
    """

    def __init__(self, origin: Origin = HERE) -> None:
        self._origin = origin
        self._held: dict[tuple[str, str], socket.socket] = {}

    def reserve(self, source: str, purpose: str) -> int:
        """Reserve a port on this source address; the same purpose gets the same port.

        Raises:
            OSError: no port is free, or the address is not this machine's.
        """
        key = (source, purpose)
        if key not in self._held:
            family = socket.AF_INET6 if ":" in source else socket.AF_INET
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                self._origin.steer(sock, source)
                sock.bind(_local(source))
                if self._origin.mark or self._origin.interface:
                    _reset_by(sock)
            except OSError:
                sock.close()
                raise
            self._held[key] = sock
        return int(self._held[key].getsockname()[1])

    def close(self) -> None:
        """Give all ports back."""
        for sock in self._held.values():
            sock.close()


def _reset_by(sock: socket.socket) -> None:
    """Have the kernel's resets for this port leave by this socket's mark and interface.

    Only a socket that listens hands them on (tcp_v4_send_reset in the kernel); and this one takes
    no connection, because its filter passes nothing but what acknowledges, which is reset.
    """
    with suppress(PermissionError):  # who may attach no filter may open nothing half, either
        attach(sock, acknowledging())
        sock.listen(0)


def _local(source: str) -> tuple[str, int] | tuple[str, int, int, int]:
    address, _, scope = source.partition("%")
    if ":" not in address:
        return address, 0
    return address, 0, 0, socket.if_nametoindex(scope) if scope else 0
