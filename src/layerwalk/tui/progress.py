"""The one line on standard error that tells what a walk is waiting for."""

from __future__ import annotations

import os
import sys
import threading
from typing import TextIO

from layerwalk.session.events import Event, StepEnded, StepStarted, WalkEnded, WalkStarted
from layerwalk.session.plain import plain
from layerwalk.session.state import WalkState, fold

_CLEAR = "\r\x1b[K"


class Progress:
    """A listener that rewrites one line of a terminal; it may be called from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._state = WalkState()
        self._lock = threading.Lock()
        self._shown = ""
        self._gone = False

    def __call__(self, event: Event) -> None:
        """Take an event in and show what is under way now."""
        with self._lock:
            if isinstance(event, WalkStarted):
                self._state = WalkState()
            self._state = fold(self._state, event)
            if isinstance(event, WalkEnded):
                self._show("")
            elif isinstance(event, StepStarted | StepEnded):
                self._show(under_way(self._state))

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        with self._lock:
            self._show("")

    def _show(self, text: str) -> None:
        import shutil  # late: it brings whatever packs files with it

        width = shutil.get_terminal_size().columns - 1
        line = plain(text)[:width]
        if self._gone or line == self._shown:
            return
        self._shown = line
        try:
            self._stream.write(_CLEAR + line)
            self._stream.flush()
        except (OSError, ValueError):
            self._gone = True


def under_way(state: WalkState) -> str:
    """Say in one line which measurements run, and how long the last begun one may take."""
    if not state.running:
        return ""
    last = state.running[-1]
    others = len(state.running) - 1
    also = f" and {others} more" if others else ""
    done = sum(step.state == "done" for step in state.steps)
    return (
        f"[{done} done] layer {last.layer}: {last.title}, waits for {last.waits_for},"
        f" at most {last.at_most_s:.0f} s{also}"
    )


def watchable() -> bool:
    """Tell whether standard error is a terminal that can rewrite a line."""
    dumb = os.environ.get("TERM", "") in {"", "dumb"}
    return not dumb and sys.stderr is not None and sys.stderr.isatty()
