"""Which source ports this walk takes: it leaves the last ones to the programs of this machine.

connect() looks for a port that is free towards its target (ip(7), IP_BIND_ADDRESS_NO_PORT); bind()
needs one that is free altogether, and takes it from all.
"""

from __future__ import annotations

import errno
import random
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from layerwalk.probes.port_range import port_range, tcp_sockets

_SCARCE = 1000
"""A walk holds some two hundred ports at most."""

_FIRST, _LAST = 1024, 65535
_TRIES = 64
_NO_PORT = 24  # IP_BIND_ADDRESS_NO_PORT, linux/in.h; Python has no name for it
_GONE = struct.pack("ii", 1, 0)  # SO_LINGER of no time, socket(7)
_TAKEN = {errno.EADDRINUSE, errno.EACCES}
"""In use, or kept from this user (ip_unprivileged_port_start)."""


class NoPortError(OSError):
    """No port of this machine is left to send from."""

    def __init__(self) -> None:
        super().__init__(errno.EADDRINUSE, "no local port is free to send from")


def ports_are_scarce() -> bool:
    """Whether so few ports are left that the walk had better take others."""
    try:
        return port_range().count - tcp_sockets() < _SCARCE
    except (OSError, ValueError, KeyError):
        return False


def leave_port_to_connect(sock: socket.socket, *, leave: bool = True) -> None:
    """Have bind() take an address alone, and no port before there is a target."""
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_IP, _NO_PORT, int(leave))


def leave_no_wait(sock: socket.socket) -> None:
    """Have a socket close with a reset where ports are scarce: its port is free again at once."""
    if ports_are_scarce():
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _GONE)


def bind_anywhere(sock: socket.socket, place: tuple[Any, ...], *, scarce: bool) -> None:
    """Bind to an address and a port of the kernel's choice, or to one that programs never get.

    The port in ``place`` is not looked at; ``scarce`` says that programs need all of theirs.

    Raises:
        OSError: there is none, or the address is not this machine's.
    """
    if not scarce:
        try:
            sock.bind((place[0], 0, *place[2:]))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return
    bind_outside(sock, place)


def bind_outside(sock: socket.socket, place: tuple[Any, ...]) -> None:
    """Bind to an address and a port that the kernel gives nobody by itself.

    Raises:
        OSError: there is none, or the address is not this machine's.
    """
    for port in _outside():
        try:
            sock.bind((place[0], port, *place[2:]))
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
        else:
            return
    raise NoPortError


def connect_from_outside(sock: socket.socket, target: Any) -> int:
    """Connect from a port that the kernel gives nobody by itself; gives the errno, 0 for none.

    It may have a source address already, and a connect() that failed for want of a port.
    """
    try:
        bind_outside(sock, sock.getsockname())
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return sock.connect_ex(target)


def _outside() -> Iterator[int]:
    """Ports above and below the range, in no order that others would choose, too."""
    try:
        own = port_range()
    except (OSError, ValueError):
        return
    above, below = range(max(own.high + 1, _FIRST), _LAST + 1), range(_FIRST, max(own.low, _FIRST))
    dice = random.SystemRandom()
    for part in (above, below):
        for port in dice.sample(part, min(_TRIES, len(part))):
            if not own.is_reserved(port):
                yield port
