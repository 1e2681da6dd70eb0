"""Who listens: the listeners of a network namespace, with their queues and their processes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from layerwalk.probes.facts.live_sockets import Holder
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.sock_diag import dump
from layerwalk.probes.sock_diag.holders import holders
from layerwalk.probes.sock_diag.request import ANYWHERE, End, Pick

_LISTENING = frozenset({TcpState.LISTEN})


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A socket that takes connections, and the processes that hold it.

    ``holders`` may be incomplete, or empty, where ``unseen`` processes could not be looked at. A
    socket that systemd keeps for a unit to start (systemd.socket(5)) is held by process 1.
    """

    socket: Socket
    holders: tuple[Holder, ...] = ()
    unseen: int = 0


def listening(port: int | None = None) -> tuple[Socket, ...]:
    """List the listeners of the calling thread's network namespace, or those on one port.

    Raises:
        OSError: the kernel does not tell.
    """
    source = ANYWHERE if port is None else End(port=port)
    return dump(_LISTENING, pick=Pick(source=source))


def listeners(port: int | None = None) -> tuple[Listener, ...]:
    """List the listeners with their processes, which takes a look at every process.

    Raises:
        OSError: the kernel does not tell of listeners.
    """
    return with_holders(listening(port))


def with_holders(sockets: Collection[Socket]) -> tuple[Listener, ...]:
    """Look up the processes behind listeners."""
    if not sockets:
        return ()
    found = holders({row.inode for row in sockets})
    return tuple(
        Listener(socket=row, holders=found.of(row.inode), unseen=found.unseen) for row in sockets
    )
