"""Which sockets are meant, and what is seen of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layerwalk.diagnosis.socket_troubles import is_suspect, troubles
from layerwalk.probes.facts.live_sockets import LiveSocket, SocketsSeen
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.facts.tcp_settings import TcpSettings
from layerwalk.probes.process_sockets import of_network, of_process
from layerwalk.probes.process_sockets.listing import of_all
from layerwalk.probes.process_sockets.namespace import within_network
from layerwalk.probes.sock_diag import EVERY, End, Pick
from layerwalk.probes.sock_diag.holders import process_name
from layerwalk.probes.tcp_settings import tcp_settings
from layerwalk.session.targets import BadInput

_FINE = 9
_ORDER = (
    TcpState.LISTEN,
    TcpState.SYN_SENT,
    TcpState.SYN_RECV,
    TcpState.ESTABLISHED,
    TcpState.CLOSE_WAIT,
)
"""The states in the order in which they are listed; all others follow as they come."""
_PLACES = [
    _ORDER.index(state) if state in _ORDER else len(_ORDER) + state
    for state in range(1 + max(TcpState))
]
"""The place of each state, by its number."""


@dataclass(frozen=True, kw_only=True)
class Which:
    """Those of a process, those with a port on either end, or all; of one IP version or both."""

    pid: int | None = None
    port: int | None = None
    version: int | None = None


EVERYTHING = Which()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What was asked for and what was seen: the sockets, those that wait for something first.

    ``settings`` are those of the network namespace, ``None`` where they could not be read;
    ``process`` is what the process that was asked for calls itself.
    """

    which: Which = EVERYTHING
    seen: SocketsSeen = SocketsSeen()  # noqa: RUF009 - frozen, so it may be shared
    settings: TcpSettings | None = None
    process: str = ""


def look(which: Which = EVERYTHING) -> Sight:
    """Look at sockets.

    Raises:
        BadInput: there is no such process, or this kernel lists its sockets to nobody.
    """
    try:
        seen = _seen(which)
    except ProcessLookupError as error:
        raise BadInput(f"there is no process {which.pid}, or it has ended; see: ps -e") from error
    except OSError as error:
        raise BadInput(f"the kernel does not list its sockets: {error.strerror}") from error
    mine = seen.sockets
    if which.version is not None:
        mine = tuple(one for one in mine if which.version in one.socket.versions)
    return Sight(
        which=which,
        seen=replace(seen, sockets=tuple(sorted(mine, key=_rank))),
        settings=_settings(which.pid),
        process=process_name(which.pid) if which.pid else "",
    )


def look_again(sight: Sight, one: LiveSocket) -> LiveSocket | None:
    """Look at one socket of a sight now, with its options; ``None`` where it is gone.

    Raises:
        BadInput: the process of the sight is gone, or the kernel tells nothing any more.
    """
    row = one.socket
    pick = Pick(source=_end(row.source, row.source_port))
    if not row.listens:
        far = _end(row.destination, row.destination_port)
        pick = Pick(source=pick.source, destination=far)
    try:
        pid = sight.which.pid
        found = (of_process(pid, pick) if pid else of_network(pick)).sockets
    except OSError as error:
        raise BadInput(f"this socket can't be looked at any more: {error.strerror}") from error
    return next((it for it in found if _same(it.socket, row)), None)


def nameless(sight: Sight) -> Sight:
    """Leave out what programs call themselves: whose they are may be in it."""
    sockets = (
        replace(one, holders=tuple(replace(it, name="") for it in one.holders))
        for one in sight.seen.sockets
    )
    return replace(sight, process="", seen=replace(sight.seen, sockets=tuple(sockets)))


def _end(address: str, port: int) -> End:
    return End(address="" if address in {"0.0.0.0", "::"} else address, port=port)


def _same(now: Socket, before: Socket) -> bool:
    if before.cookie is not None and now.cookie is not None:
        return now.cookie == before.cookie
    return now.inode == before.inode and now.listens == before.listens


def _seen(which: Which) -> SocketsSeen:
    pick = EVERY if which.port is None else Pick(either=which.port)
    if which.pid is not None:
        return of_process(which.pid, pick)
    return of_all() if which.port is None else of_network(pick)


def _settings(pid: int | None) -> TcpSettings | None:
    if pid is None:
        return tcp_settings()
    try:
        return within_network(pid, tcp_settings)
    except OSError:
        return None


def _rank(one: LiveSocket) -> int:
    """What waits first, then by state and ports: one number, for 50,000 of them are compared."""
    row = one.socket
    worst = troubles(row)[:1] if is_suspect(row) else ()
    rank = (worst[0].rank if worst else _FINE) << 8 | _PLACES[row.state]
    return rank << 32 | row.source_port << 16 | row.destination_port
