"""A link that is simulated: what a packet socket sends goes to a function, which answers frames."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

Answering = Callable[[bytes], Iterable[bytes]]
"""The frames that come back for one that goes out."""

MINE = "02:00:00:00:00:10"


@contextmanager
def link(answering: Answering) -> Iterator[socket.socket]:
    """Give the near end of a link; the far one answers in a thread until the near one is closed."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    thread = threading.Thread(target=_serve, args=(far, answering))
    thread.start()
    try:
        yield near
    finally:
        near.close()
        thread.join()
        far.close()


def _serve(far: socket.socket, answering: Answering) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # the near end has heard enough
        while frame := far.recv(2048):
            for answer in answering(frame):
                far.send(answer)
