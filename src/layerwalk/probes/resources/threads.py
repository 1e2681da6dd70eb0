"""The threads of a process: how long they ran and waited for a processor, and what they do now.

Anyone may read it of any process: /proc/PID/task/TID/schedstat (kernel's sched-stats) and stat.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from layerwalk.probes.resources.figures import Files, number

_NANO = 1e9
_MOST = 256
_MAJOR_FAULTS = (
    9  # of the fields behind the name, the first of which is the state (proc_pid_stat(5))
)


@dataclass(frozen=True)
class Threads:
    """What the living threads of a process add up to; seconds since each began."""

    count: int = 0
    ran_s: float = 0.0
    waited_s: float = 0.0
    running: int = 0
    blocked: int = 0
    major_faults: int = 0


def threads(files: Files, pid: str) -> Threads:
    """Look at the threads of a process, at most the 256 oldest of them."""
    ids = ids_of(files, pid)
    looked = [thread(files, pid, tid) for tid in ids[:_MOST]]
    states = [one.state for one in looked]
    return Threads(
        count=len(ids),
        ran_s=round(sum(one.ran_s for one in looked), 6),
        waited_s=round(sum(one.waited_s for one in looked), 6),
        running=states.count("R"),
        blocked=states.count("D"),
        major_faults=sum(one.major_faults for one in looked),
    )


class Thread(NamedTuple):
    """One of them: seconds since it began, and its state (a letter of proc(5))."""

    ran_s: float
    waited_s: float
    state: str
    major_faults: int


def ids_of(files: Files, pid: str) -> list[str]:
    """List the threads of a process, the oldest first; none where there is no such process."""
    try:
        return sorted(os.listdir(files.path(f"/proc/{pid}/task")), key=int)  # noqa: PTH208
    except (OSError, ValueError):
        return []


def thread(files: Files, pid: str, tid: str) -> Thread:
    """Look at one thread; zeros where it has just ended."""
    folder = f"/proc/{pid}/task/{tid}"
    times = [*_numbers(files.text(f"{folder}/schedstat")), 0, 0]
    fields = files.text(f"{folder}/stat").rpartition(")")[2].split()
    known = len(fields) > _MAJOR_FAULTS
    return Thread(
        ran_s=times[0] / _NANO,
        waited_s=times[1] / _NANO,
        state=fields[0] if fields else "",
        major_faults=(number(fields[_MAJOR_FAULTS]) or 0) if known else 0,
    )


def _numbers(text: str) -> Iterator[int]:
    yield from (number(word) or 0 for word in text.split()[:2])
