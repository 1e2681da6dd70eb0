"""The tools that print the rules, run with a bound on their time."""

from __future__ import annotations

import os
import subprocess
import time

PATIENCE_S = 5.0
"""Some thousand rules with sets of their own take nft a second or two on a busy machine."""
_SYSTEM_FOLDERS = ("/usr/sbin", "/sbin")


class ToolError(Exception):
    """A tool that said no, took too long, or is not there (``missing``)."""

    def __init__(self, words: str, *, missing: bool = False, not_permitted: bool = False) -> None:
        super().__init__(words)
        self.missing = missing
        self.not_permitted = not_permitted


class Tools:
    """Runs tools that only read; all of them together have ``patience_s`` seconds."""

    def __init__(self, patience_s: float | None = None) -> None:
        self._end = time.monotonic() + (PATIENCE_S if patience_s is None else patience_s)

    def run(self, command: list[str]) -> str:
        """Give what a tool prints. ``ToolError`` where it fails."""
        path = os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_FOLDERS])
        environment = {**os.environ, "PATH": path, "LC_ALL": "C"}
        try:
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=max(self._end - time.monotonic(), 0.0),
                check=False,
            )
        except FileNotFoundError as error:
            raise ToolError(f"{command[0]} is not installed", missing=True) from error
        except subprocess.TimeoutExpired as error:
            raise ToolError(f"{command[0]} did not answer in time") from error
        except OSError as error:
            raise ToolError(f"{command[0]}: {error}", not_permitted=True) from error
        if done.returncode:
            words = " ".join(done.stderr.decode(errors="replace").split())
            denied = "not permitted" in words or "ermission denied" in words
            raise ToolError(words or f"{command[0]} failed", not_permitted=denied)
        return done.stdout.decode(errors="replace")


def run(command: list[str]) -> str:
    """Run one tool, with all the time there is. ``ToolError`` where it fails."""
    return Tools().run(command)
