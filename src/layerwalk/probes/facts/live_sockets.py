"""Sockets of this machine with who holds them and what they have set."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.sockets import Socket


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A process with a socket open: by which descriptor, and what it calls itself (proc(5), comm).

    The name is whatever the process chose: text to be shown as text.
    """

    pid: int
    name: str
    descriptor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveSocket:
    """A socket, the processes that hold it as far as they were looked for, and its options.

    ``options`` is ``None`` where they were not read; ``why`` then says why not.
    """

    socket: Socket
    holders: tuple[Holder, ...] = ()
    options: SocketOptions | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SocketsSeen:
    """The sockets that were looked for, and what could not be seen of them and why, in words."""

    sockets: tuple[LiveSocket, ...] = ()
    gaps: tuple[str, ...] = ()
