"""Names that tell which process made a thing, so that what the dead left can be told."""

from __future__ import annotations

import os
import re
from itertools import count
from pathlib import Path

_NUMBERS = count(1)


def maker_name(prefix: str) -> str:
    """A name that nothing else has, with this process's number and beginning in it."""
    pid = os.getpid()
    return f"{prefix}_{_pid_space()}_{pid}_{_started(pid)}_{next(_NUMBERS)}"


def is_abandoned(name: str, prefix: str) -> bool:
    """Whether a name is such a one, and its maker, if we can see that process at all, is gone."""
    found = re.fullmatch(rf"{prefix}_(\d+)_(\d+)_(\d+)_\d+", name)
    if found is None or found[1] != _pid_space():
        return False
    return _started(int(found[2])) != found[3]


def _pid_space() -> str:
    """The number of our process numbers' namespace: elsewhere they mean other processes."""
    try:
        return str(Path("/proc/thread-self/ns/pid").stat().st_ino)
    except OSError:
        return "0"


def _started(pid: int) -> str:
    """When a process began, in ticks since the machine did (proc(5)); empty where it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[19]
