"""One thread that looks after all open probes until each is answered or its time is up."""

from __future__ import annotations

import select
import threading
import time
from contextlib import suppress
from typing import Protocol

_LOOK_S = 0.05


class Outstanding(Protocol):
    """A probe that is under way. ``until`` is when to give up, by the steady clock."""

    until: float

    def fileno(self) -> int:
        """The descriptor that becomes ready when there is something to look at."""

    def look(self) -> bool:
        """Hand in what has come; tells whether nothing more will."""

    def dropped(self) -> int:
        """How many packets have found no room in its buffer."""

    def close(self) -> None:
        """Let go of the descriptor, and of what is behind it."""


class Vigil:
    """Looks at what is ready; only its own thread ever closes a probe."""

    def __init__(self) -> None:
        self._held: dict[int, Outstanding] = {}
        self._dropped = 0
        self._epoll = select.epoll()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="kernel-wire", daemon=True)
        self._thread.start()

    def add(self, probe: Outstanding, events: int = select.EPOLLIN) -> None:
        """Look after a probe from now on; errors are always waited for."""
        number = probe.fileno()
        self._held[number] = probe
        self._epoll.register(number, events | select.EPOLLERR)

    def dropped(self) -> int:
        """How many packets for probes that have ended found no room."""
        return self._dropped

    def close(self) -> None:
        """Stop, and close what is still open."""
        self._stop.set()
        self._thread.join(10 * _LOOK_S)
        for number in list(self._held):
            self._release(number)
        self._epoll.close()

    def _watch(self) -> None:
        while not self._stop.is_set():
            for number, _ in self._epoll.poll(_LOOK_S):
                probe = self._held.get(number)
                if probe and probe.look():
                    self._release(number)
            now = time.monotonic()
            for number, probe in list(self._held.items()):
                if now >= probe.until:
                    self._release(number)

    def _release(self, number: int) -> None:
        probe = self._held.pop(number)
        self._dropped += probe.dropped()
        with suppress(OSError):
            self._epoll.unregister(number)
        probe.close()
