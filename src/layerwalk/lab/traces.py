"""Which processes are in a network namespace, and how to end them all."""

import contextlib
import os
import signal
from pathlib import Path

ROUNDS = 20


def namespace_of(pid: int) -> str:
    """Return the name of a process's network namespace ("net:[4026532201]"), or nothing."""
    try:
        return str(Path("/proc", str(pid), "ns/net").readlink())
    except OSError:
        return ""


def processes_in(spaces: set[str]) -> list[int]:
    """Return the processes in these network namespaces, as far as we may look."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return [pid for pid in pids if namespace_of(pid) in spaces and pid != os.getpid()]


def end_processes_in(spaces: set[str]) -> None:
    """Kill them until none is left, so that one that was just starting another does not escape."""
    for _ in range(ROUNDS):
        found = processes_in(spaces)
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
