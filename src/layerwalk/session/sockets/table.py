"""Many sockets in a short table: those that wait for something by themselves, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from layerwalk.diagnosis.socket_troubles import is_suspect, troubles
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.session.sockets.details import end, held_by
from layerwalk.session.sockets.entries import entry_of
from layerwalk.session.sockets.looking import Sight

HEAD = f"{'state':<11} {'count':>6} {'recv-q':>6} {'send-q':>6}  local -> peer"
_FEW = 3
"""So many sockets that are alike are still written one by one."""
_ANY = "*"
_ENDS_AT = 33


_Key = tuple[int, str, int | str, str, int | str]


def table(sight: Sight, width: int = 80, *, folded: bool = True) -> Iterator[str]:
    """Write a line or two for each; ``folded`` puts those that are alike into one line.

    Alike are sockets with the same state and addresses of which nothing special is to be said, and
    with the same port on the side that listens.
    """
    yield HEAD
    sockets = sight.seen.sockets
    ports = {one.socket.source_port for one in sockets if one.socket.listens}
    fine = []
    for one in sockets:
        if _says(one.socket):
            yield from _line(one, width)
        else:
            fine.append(one)
    yield from _folded(fine, ports, width) if folded else _each(fine, width)


def _says(row: Socket) -> bool:
    return is_suspect(row) and bool(troubles(row))


def _each(sockets: Iterable[LiveSocket], width: int) -> Iterator[str]:
    for one in sockets:
        yield from _line(one, width)


def _folded(sockets: Iterable[LiveSocket], ports: set[int], width: int) -> Iterator[str]:
    groups: dict[_Key, list[LiveSocket]] = {}
    for one in sockets:
        groups.setdefault(_key(one.socket, ports), []).append(one)
    for key, alike in groups.items():
        if len(alike) <= _FEW:
            yield from _each(alike, width)
        else:
            yield from _sum(key, alike, width)


def _key(row: Socket, ports: set[int]) -> _Key:
    """What alike sockets share: of a client's end its port is its own, of a server's the peer's."""
    state = +row.state  # a plain number: it is looked up for every socket there is
    if state == TcpState.LISTEN or row.source_port in ports:
        return (state, row.source, row.source_port, row.destination, _ANY)
    return (state, row.source, _ANY, row.destination, row.destination_port)


def _sum(key: _Key, alike: Sequence[LiveSocket], width: int) -> Iterator[str]:
    number, *around = key
    received = sum(one.socket.receive_queue for one in alike)
    sent = sum(one.socket.send_queue or 0 for one in alike)
    near, far = _spelled(around[0], around[1]), _spelled(around[2], around[3])
    yield from _set(
        f"{TcpState(number).name:<11} {len(alike):>6} {received:>6} {sent:>6}", near, far, width
    )


def _spelled(address: int | str, port: int | str) -> str:
    shown = str(address)
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"


def _line(one: LiveSocket, width: int) -> Iterator[str]:
    row = one.socket
    sent = "?" if row.send_queue is None else row.send_queue
    who = held_by(entry_of(one, None)) if one.holders else ""
    far = who if row.listens else end(row.destination, row.destination_port)
    numbers = f"{row.state.name:<11} {'':>6} {row.receive_queue:>6} {sent:>6}"
    yield from _set(numbers, end(row.source, row.source_port), far, width, listens=row.listens)
    said = [it.says for it in troubles(row)] if is_suspect(row) else []
    if said:
        whose = [who] if who and not row.listens else []
        yield " " * 4 + "; ".join([*whose, *said])


def _set(numbers: str, near: str, far: str, width: int, *, listens: bool = False) -> Iterator[str]:
    """Set the two ends beside the numbers, or below each other where they are long."""
    arrow = "  " if listens else " -> "
    whole = f"{numbers}  {near}{arrow}{far}".rstrip()
    if len(whole) <= width:
        yield whole
    else:
        yield f"{numbers}  {near}"
        yield f"{'':<{_ENDS_AT}}{arrow.lstrip()}{far}"[:width]
