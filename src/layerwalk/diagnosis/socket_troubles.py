"""What about a socket is worth looking at: it waits for an answer, or its queue is full. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState

_MUCH = 1 << 16
"""So many unread bytes are more than a program leaves lying that reads at all."""


@dataclass(frozen=True, order=True)
class Trouble:
    """One sight; the lower its ``rank``, the more it has to do with time-outs."""

    rank: int
    says: str


def troubles(row: Socket) -> tuple[Trouble, ...]:
    """Tell what is worth looking at, the worst first."""
    return tuple(sorted((*_of_queues(row), *_of_waiting(row), *_of_closing(row))))


def is_suspect(row: Socket) -> bool:
    """Whether ``troubles`` may have something to say: a quick look, for thousands of sockets."""
    if row.retransmits or row.receive_queue or row.timer is SocketTimer.WINDOW_PROBE:
        return True
    return row.state is TcpState.SYN_SENT or row.state is TcpState.CLOSE_WAIT


def _of_waiting(row: Socket) -> Iterator[Trouble]:
    again = times(row.retransmits)
    if row.state is TcpState.SYN_SENT:
        sent = row.retransmits + 1
        yield Trouble(0 if row.retransmits else 2, f"{counted(sent, 'SYN')} sent, no answer yet")
    elif row.state is TcpState.SYN_RECV and row.retransmits:
        yield Trouble(3, f"its SYN was answered, and {again} again; the handshake is not finished")
    elif row.timer is SocketTimer.WINDOW_PROBE:
        yield Trouble(2, "the other end has no room for data, and is asked for some")
    elif row.timer is SocketTimer.RETRANSMIT and row.retransmits:
        yield Trouble(1, f"data sent again {again}, and still not acknowledged")
    elif row.timer is SocketTimer.KEEPALIVE and row.retransmits:
        yield Trouble(1, f"{counted(row.retransmits, 'keepalive probe')} not answered")


def _of_queues(row: Socket) -> Iterator[Trouble]:
    if not row.listens:
        if row.receive_queue >= _MUCH:
            yield Trouble(3, f"{row.receive_queue} bytes came that the program has not read")
        return
    waiting = counted(row.receive_queue, "connection")
    if row.overflows:
        yield Trouble(0, f"its queue is full ({waiting} for {row.send_queue}): SYNs are dropped")
    elif row.send_queue and row.receive_queue == row.send_queue:
        yield Trouble(1, f"its queue has room for one more ({waiting} for {row.send_queue})")


def _of_closing(row: Socket) -> Iterator[Trouble]:
    if row.state is TcpState.CLOSE_WAIT and row.inode:
        yield Trouble(4, "the other end has closed, this program has not")


def counted(count: int, thing: str) -> str:
    """Write a number of things."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def times(count: int) -> str:
    """Write how often."""
    return "once" if count == 1 else f"{count} times"
