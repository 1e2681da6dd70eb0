"""One process from its start to its end: how long it took, and how much memory it had."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_S = 900.0

Start = Callable[..., "subprocess.Popen[Any]"]
"""Starts a command, given as a list of words, with Popen's keywords."""

_WITNESS = """\
import json, os, sys, time
told, argv = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(told, False)
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(argv[0], argv, os.environ), 0)
seconds = time.perf_counter() - began
left = {"status": os.waitstatus_to_exitcode(status), "seconds": seconds, "kb": usage.ru_maxrss}
os.write(told, json.dumps(left).encode())
"""
"""Stands between: the kernel counts what a process had before it became a program (execve(2)) as
the program's, so whoever starts one and measures it must be small. It had 9 MB."""


@dataclass(frozen=True)
class Ended:
    """What a process left behind. `peak_mb` is its largest resident size, in 10^6 bytes."""

    status: int
    seconds: float
    peak_mb: float
    out: str
    err: str


def to_its_end(start: Start, argv: Sequence[str]) -> Ended:
    """Run a command to its end; the time is the command's own, without that of its witness."""
    reading, telling = os.pipe()
    witness = [sys.executable, "-S", "-E", "-c", _WITNESS, str(telling), *argv]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, os.fdopen(reading) as it:
        process = start(
            witness,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            pass_fds=(telling,),
            start_new_session=True,
        )
        os.close(telling)
        _await_end(process)
        left = json.loads(it.read())
        out.seek(0)
        err.seek(0)
        said = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    return Ended(left["status"], left["seconds"], left["kb"] * 1024 / 1e6, *said)


def _await_end(process: "subprocess.Popen[Any]") -> None:
    ending = os.pidfd_open(process.pid)
    try:
        if not select.select([ending], [], [], LONGEST_S)[0]:
            os.killpg(process.pid, signal.SIGKILL)
    finally:
        os.close(ending)
    process.wait()
