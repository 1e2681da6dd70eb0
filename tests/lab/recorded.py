"""Real walks in a lab that leave journals behind: begun, waited for, and ended rudely."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from layerwalk.lab.build import Lab

_TICK_S = 0.02
_PATIENCE_S = 60.0
COMMAND = (sys.executable, "-W", "error", "-m", "layerwalk")


class Walking:
    """A process that walks on a host of the lab and keeps its journals in a folder of its own."""

    def __init__(
        self, lab: Lab, host: str, words: tuple[str, ...], state: Path, **settings: Any
    ) -> None:
        self.state = state
        environment = {**os.environ, "XDG_STATE_HOME": str(state), "TERM": "xterm-256color"}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
        self.process = lab.popen(host, [*COMMAND, *words], env=environment, **streams)

    @property
    def journal(self) -> Path:
        """The one journal that there is."""
        (path,) = (self.state / "layerwalk").iterdir()
        return path

    @property
    def pid(self) -> int:
        """The process that writes the journal, whatever stands between it and this one."""
        return int(self.journal.name.split("-")[1])

    def recorded(self) -> bytes:
        """Give what the journal holds by now."""
        try:
            return self.journal.read_bytes()
        except (ValueError, OSError):
            return b""

    def until(self, text: bytes) -> Self:
        """Wait until the journal holds this; fail where the process ends before."""
        return self.until_true(lambda: text in self.recorded())

    def until_true(self, true: Callable[[], bool]) -> Self:
        """Wait until something is so; each look waits for the process's end for a moment."""
        for _ in range(int(_PATIENCE_S / _TICK_S)):
            if true():
                return self
            try:
                self.process.wait(_TICK_S)
            except subprocess.TimeoutExpired:
                continue
            assert true(), self.process.communicate()
        raise AssertionError(self.recorded())

    def end(self, number: int) -> tuple[int, str, str]:
        """Send a signal; give the exit status and what was written."""
        os.kill(self.pid, number)
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        """Wait for the end; give the exit status and what was written."""
        out, err = self.process.communicate(timeout=_PATIENCE_S)
        return self.process.returncode, (out or b"").decode(), (err or b"").decode()


class Terminal:
    """A terminal whose line can be dropped; what is painted on it is read and kept."""

    def __init__(self) -> None:
        self._master, self.slave = os.openpty()
        termios.tcsetwinsize(self.slave, (24, 80))
        self._stop, self._stopping = os.pipe()
        self.painted = b""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it the controlling terminal of a new process."""
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), self.slave)
        return {**streams, "start_new_session": True, "preexec_fn": self._take}

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def drop(self) -> None:
        """Hang up, as a line that breaks."""
        os.write(self._stopping, b"x")
        self._reading.join()
        for descriptor in (self._master, self.slave, self._stop, self._stopping):
            os.close(descriptor)

    def _take(self) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._stop], [], [])
            if self._master in ready:
                self.painted += os.read(self._master, 65536)
            elif self._stop in ready:
                return
