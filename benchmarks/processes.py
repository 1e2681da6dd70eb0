"""One process from its start to its end: how long it took, and how much memory it had."""

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST_S = 900.0

Start = Callable[..., "subprocess.Popen[Any]"]


@dataclass(frozen=True)
class Ended:
    """What a process left behind. `peak_mb` is its largest resident size, in 10^6 bytes."""

    status: int
    seconds: float
    peak_mb: float
    out: str
    err: str


def to_its_end(start: Start) -> Ended:
    """Start a process by a function that takes Popen's keywords, and see it through.

    The kernel counts what this process had when it started the other as the other's: `peak_mb` is
    never less than that, some 20 MB.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = start(stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _await_end(process)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    return Ended(process.returncode, seconds, usage.ru_maxrss * 1024 / 1e6, *said)


def _await_end(process: "subprocess.Popen[Any]") -> None:
    """Leave the process unreaped, so that its usage can still be asked for."""
    ending = os.pidfd_open(process.pid)
    try:
        if not select.select([ending], [], [], LONGEST_S)[0]:
            process.kill()
    finally:
        os.close(ending)
