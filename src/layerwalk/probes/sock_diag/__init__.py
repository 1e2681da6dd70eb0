"""All TCP sockets of a network namespace, from the kernel itself: sock_diag(7).

Nothing goes on the wire, and no rights are needed, but for marks (CAP_NET_ADMIN). The kernel of the
calling thread's network namespace is asked; ``Origin.enter`` brings a thread into another one.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import chain

from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.sock_diag.proc_table import proc_table
from layerwalk.probes.sock_diag.request import ALL, ANYWHERE, EVERY, End, Pick, request
from layerwalk.probes.sock_diag.rows import Rows, broken

__all__ = ["ALL", "ANYWHERE", "EVERY", "End", "Pick", "asked", "dump"]

_NETLINK_SOCK_DIAG = 4
_BUFFER = 1 << 16
_PATIENCE_S = 2.0
"""The kernel answers while it is asked; what stands in for one may not answer at all."""


def dump(
    states: Collection[TcpState] = ALL,
    *,
    version: int | None = None,
    pick: Pick = EVERY,
    info: bool = False,
) -> tuple[Socket, ...]:
    """List the sockets in some states; with ``info`` also what TCP_INFO tells of each.

    ``version`` leaves only the sockets of one family, 4 or 6, of which a dual-stack one is 6's even
    where it speaks IPv4. 50,000 sockets take some tenths of a second, and a hundredth if ``states``
    and ``pick`` tell the kernel that few of them are meant. Where it has no sock_diag, /proc/net
    tells as much as it can: ``Socket`` says what is ``None`` then.

    Raises:
        OSError: neither of them tells.
    """
    versions = (4, 6) if version is None else (version,)
    try:
        with _undisturbed():
            lists = (asked(one, states, pick, info=info) for one in versions)
            return tuple(chain.from_iterable(lists))
    except OSError:
        with suppress(OSError):
            return tuple(
                row
                for one in versions
                for row in proc_table(one)
                if row.state in states and pick.means(row)
            )
        raise


def asked(version: int, states: Collection[TcpState], pick: Pick, *, info: bool) -> list[Socket]:
    """Ask sock_diag for the sockets of a family, and nobody else.

    Raises:
        OSError: this kernel does not tell (no inet_diag, or forbidden), or not in a way known here.
    """
    rows = Rows(version)
    with closing(_opened()) as sock:
        sock.send(request(version, states, pick, info=info))
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
