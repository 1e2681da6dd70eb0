"""A link that is simulated: what a packet socket sends goes to a function that answers at once."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import cast

Answering = Callable[[bytes], Iterable[bytes]]
"""The frames that come back for one that goes out."""

MINE = "02:00:00:00:00:10"


class _End:
    """The near end, as a packet socket: answers are there as soon as a frame is sent."""

    def __init__(self, near: socket.socket, far: socket.socket, answering: Answering) -> None:
        self._near = near
        self._far = far
        self._answering = answering

    def send(self, frame: bytes) -> int:
        for answer in self._answering(frame):
            self._far.send(answer)
        return len(frame)

    def recv(self, size: int) -> bytes:
        return self._near.recv(size)

    def fileno(self) -> int:
        return self._near.fileno()

    def close(self) -> None:
        """Nothing: whoever made it closes it."""


@contextmanager
def link(answering: Answering) -> Iterator[socket.socket]:
    """Give the near end of a link."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with closing(near), closing(far):
        yield cast("socket.socket", _End(near, far, answering))
