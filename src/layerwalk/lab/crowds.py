"""Clients that keep connecting to a port, so that its queue is long."""

import random
import select
import socket
import time

from layerwalk.lab.loop import Loop
from layerwalk.lab.spec import family_of
from layerwalk.lab.traffic import Crowd

SETTLED_S = 0.5


class Caller:
    """One of a crowd: it holds a connection until that is closed, or tries until it is made."""

    def __init__(self, crowd: Crowd, loop: Loop, seed: int) -> None:
        self._crowd = crowd
        self._dice = random.Random(seed)  # noqa: S311  # a seed makes it repeatable
        self._loop = loop
        self.handle = self._opened()

    def _opened(self) -> socket.socket:
        v6 = family_of(self._crowd.address) == 6
        handle = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_STREAM)
        handle.setblocking(False)
        handle.connect_ex((self._crowd.address, self._crowd.port))
        self._loop.watch(handle, self._again)  # readable: closed, or failed
        self._loop.later(self._pause_s(), lambda: self._give_up(handle))
        return handle

    def _again(self) -> None:
        self._loop.forget(self.handle)
        self._loop.later(self._pause_s(), self._reopen)

    def _pause_s(self) -> float:
        """As long as the crowd waits, a little more or less, so that it never marches in step."""
        return self._crowd.after_s * self._dice.uniform(0.5, 1.5)

    def _reopen(self) -> None:
        self.handle = self._opened()

    def _give_up(self, handle: socket.socket) -> None:
        """Try anew with another SYN, where the first one got no answer."""
        if handle is self.handle and not made(handle):
            self._loop.forget(handle)
            self._reopen()


def made(handle: socket.socket) -> bool:
    """Whether the connection came about; a socket that is under way is not writable."""
    return handle.fileno() >= 0 and bool(select.select([], [handle], [], 0)[1])


def gather(crowds: tuple[Crowd, ...], loop: Loop) -> None:
    """Have every crowd connect, and wait until all are let in, or nobody more seems to be."""
    callers = [Caller(crowd, loop, seed) for crowd in crowds for seed in range(crowd.count)]
    until = time.monotonic() + SETTLED_S
    while callers and time.monotonic() < until and not all(made(it.handle) for it in callers):
        time.sleep(0.01)
