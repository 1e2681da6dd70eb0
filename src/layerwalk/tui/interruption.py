"""What Ctrl-C and its kin do: the first asks to stop, the second leaves at once."""

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

    A second one ends the process at once with status 130. Signals that were ignored before, as
    under nohup, stay so. ``stop`` runs in the main thread, between two of its steps.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self.requested = threading.Event()
        self._stop = stop
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

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        if self.requested.is_set():
            os._exit(statuses.INTERRUPTED)
        self.requested.set()
        self._stop()
