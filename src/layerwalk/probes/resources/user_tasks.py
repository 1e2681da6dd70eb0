"""How many tasks a user has, as RLIMIT_NPROC counts them: all threads of all its processes."""

from __future__ import annotations

import os
import re

from layerwalk.probes.resources.figures import Files

_USER = re.compile(r"^Uid:\t(\d+)", re.MULTILINE)
_THREADS = re.compile(r"^Threads:\t(\d+)", re.MULTILINE)
_ALL = re.compile(r" \d+/(\d+) ")


def user_tasks(files: Files, user: int, limit: int | None) -> int | None:
    """Count the tasks of a user; ``None`` where there are not as many on the whole machine."""
    found = _ALL.search(files.text("/proc/loadavg"))
    if limit is None or found is None or int(found[1]) < limit:
        return None
    try:
        names = os.listdir(files.path("/proc"))  # noqa: PTH208
    except OSError:
        return None
    return sum(_of(files, name, user) for name in names if name.isdecimal())


def _of(files: Files, pid: str, user: int) -> int:
    status = files.text(f"/proc/{pid}/status")
    owner, count = _USER.search(status), _THREADS.search(status)
    return int(count[1]) if owner and count and int(owner[1]) == user else 0
