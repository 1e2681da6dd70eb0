"""What Ctrl-C and its kin do: the first asks to stop, the same again leaves at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

from layerwalk.tui import statuses

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """While it is entered, SIGINT, SIGTERM and SIGHUP call ``stop``.

    The same one again ends the process at once with status 130, except SIGHUP: the kernel and a
    shell both send it where a line drops, and what was gathered is still to be saved then. Signals
    that were ignored before, as under nohup, stay so. ``stop`` runs in the main thread, between two
    of its steps.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self.requested = threading.Event()
        self._stop = stop
        self._taken: set[int] = set()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        """Take the signals over."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *_error: object) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if number in self._taken and number != signal.SIGHUP:
            os._exit(statuses.INTERRUPTED)
        self._taken.add(number)
        if not self.requested.is_set():
            self.requested.set()
            self._stop()
