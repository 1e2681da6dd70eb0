"""All TCP sockets of a network namespace, from the kernel itself: sock_diag(7).

Nothing goes on the wire, and no rights are needed, but for marks (CAP_NET_ADMIN). The kernel of the
calling thread's network namespace is asked; ``Origin.enter`` brings a thread into another one.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress

from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.sock_diag.proc_table import proc_table
from layerwalk.probes.sock_diag.request import ALL, ANYWHERE, EVERY, End, Pick, request
from layerwalk.probes.sock_diag.rows import Rows, broken

__all__ = ["ALL", "ANYWHERE", "EVERY", "End", "Pick", "asked", "dump"]

_NETLINK_SOCK_DIAG = 4
_BUFFER = 1 << 15
"""The kernel's answers to a dump are no longer than that (net/netlink/af_netlink.c)."""

_PATIENCE_S = 2.0
"""The kernel answers while it is asked; what stands in for one may not answer at all."""


def dump(
    states: Collection[TcpState] = ALL, *, pick: Pick = EVERY, info: bool = False
) -> tuple[Socket, ...]:
    """List the sockets in some states; with ``info`` also what TCP_INFO tells of each.

    50,000 sockets take a tenth of a second, and a hundredth if ``states`` and ``pick`` tell the
    kernel that few of them are meant. Where it has no sock_diag, /proc/net tells as much as it can:
    ``Socket`` says what is ``None`` then.

    Raises:
        OSError: neither of them tells.
    """
    try:
        with _undisturbed():
            return tuple(asked(states, pick, info=info))
    except OSError:
        with suppress(OSError):
            return tuple(
                row
                for version in (4, 6)
                for row in proc_table(version)
                if row.state in states and pick.means(row)
            )
        raise


def asked(states: Collection[TcpState], pick: Pick, *, info: bool) -> list[Socket]:
    """Ask sock_diag, and nobody else.

    Raises:
        OSError: this kernel does not tell (no inet_diag, or forbidden), or not in a way known here.
    """
    rows = Rows()
    with closing(_opened()) as sock:
        sock.send(request(states, pick, info=info))
        while not rows.done:
            datagram = sock.recv(_BUFFER)
            if not datagram:
                raise broken()
            rows.take(datagram)
    return rows.found


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Python from looking for garbage among rows that are just being made."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _opened() -> socket.socket:
    sock = socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG
    )
    sock.settimeout(_PATIENCE_S)
    return sock
