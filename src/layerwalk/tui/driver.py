"""Textual's driver, made to outlive its terminal: an SSH line may drop at any moment."""

from __future__ import annotations

from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


class Unfailing:
    """A stream whose reader may go: what can't be written any more is dropped.

    Textual's writing thread would die of an error, and the app then wait for it for ever.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if anybody still reads."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError):
            return len(text)

    def flush(self) -> None:
        """Hand on what was written, if anybody still reads."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            return

    def fileno(self) -> int:
        """Give the stream's descriptor."""
        return self._stream.fileno()


class LastingDriver(LinuxDriver):
    """Paints as long as there is a terminal; where it goes, the app ends as if told to."""

    def __init__(self, *settings: Any, **named: Any) -> None:
        super().__init__(*settings, **named)
        self._file: Any = Unfailing(self._file)

    def _run_input_thread(self) -> None:
        """Read keys until the terminal is gone."""
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(self._app.action_quit)
