"""The threads of a process: how long they ran and waited for a processor, and what they do now.

Anyone may read it of any process: /proc/PID/task/TID/schedstat (kernel's sched-stats) and stat.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.probes.resources.figures import Files, number

_NANO = 1e9
_MOST = 256


@dataclass(frozen=True)
class Threads:
    """What the living threads of a process add up to; seconds since each began."""

    count: int = 0
    ran_s: float = 0.0
    waited_s: float = 0.0
    running: int = 0
    blocked: int = 0


def threads(files: Files, pid: str) -> Threads:
    """Look at the threads of a process, at most the 256 oldest of them."""
    try:
        ids = sorted(os.listdir(files.path(f"/proc/{pid}/task")), key=int)  # noqa: PTH208
    except (OSError, ValueError):
        return Threads()
    looked = [_of_thread(files, f"/proc/{pid}/task/{tid}") for tid in ids[:_MOST]]
    states = [state for _, _, state in looked]
    return Threads(
        count=len(ids),
        ran_s=round(sum(ran for ran, _, _ in looked), 6),
        waited_s=round(sum(waited for _, waited, _ in looked), 6),
        running=states.count("R"),
        blocked=states.count("D"),
    )


def _of_thread(files: Files, folder: str) -> tuple[float, float, str]:
    times = [*_numbers(files.text(f"{folder}/schedstat")), 0, 0]
    behind = files.text(f"{folder}/stat").rpartition(")")[2].split(maxsplit=1)
    return times[0] / _NANO, times[1] / _NANO, behind[0] if behind else ""


def _numbers(text: str) -> Iterator[int]:
    yield from (number(word) or 0 for word in text.split()[:2])
