"""A small event loop for a station's services: readable sockets, and things to do later."""

import contextlib
import heapq
import itertools
import selectors
import socket
import time
from collections.abc import Callable

Deed = Callable[[], None]


class Loop:
    """Waits for sockets and clocks, and does what was asked for; never ends by itself."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._pending: list[tuple[float, int, Deed]] = []
        self._count = itertools.count()
        self._kept: list[socket.socket] = []

    def watch(self, handle: socket.socket, deed: Deed) -> None:
        """Do this whenever the socket is readable."""
        self._selector.register(handle, selectors.EVENT_READ, deed)

    def keep(self, handle: socket.socket) -> None:
        """Keep a socket open, and do nothing with it."""
        self._kept.append(handle)

    def forget(self, handle: socket.socket) -> None:
        """Stop watching a socket, and close it."""
        self._selector.unregister(handle)
        handle.close()

    def later(self, delay_s: float, deed: Deed) -> None:
        """Do this once, in so many seconds; at once where that is none."""
        if delay_s <= 0:
            deed()
        else:
            heapq.heappush(self._pending, (time.monotonic() + delay_s, next(self._count), deed))

    def run(self) -> None:
        """Serve for ever."""
        while True:
            wait_s = self._pending[0][0] - time.monotonic() if self._pending else None
            for key, _ in self._selector.select(wait_s):
                _do(key.data)
            while self._pending and self._pending[0][0] <= time.monotonic():
                _do(heapq.heappop(self._pending)[2])


def _do(deed: Deed) -> None:
    """Do it; whoever is gone or talks nonsense must not end the host with its namespaces."""
    with contextlib.suppress(OSError, ValueError):
        deed()
