"""What a trace may leave behind: tables named after the process that made them.

A table that a process owns goes with it; one that was added the old way stays where that process
was killed. Its name tells whose it was, so that the next walk can delete it.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from itertools import count
from pathlib import Path

from layerwalk.probes.rule_trace.netlink import tables

PREFIX = "layerwalk_trace"

_NAME = re.compile(rf"{PREFIX}_(\d+)_(\d+)_(\d+)_\d+")
_NUMBERS = count(1)
_MODULES = Path("/proc/modules")


def own_name() -> str:
    """A name that no other table has, and that tells whose it is."""
    space, pid = _pid_space(), os.getpid()
    return f"{PREFIX}_{space}_{pid}_{_started(pid)}_{next(_NUMBERS)}"


def sweep(*, load: bool = False) -> int:
    """Delete the tables of processes that are gone, and tell how many there were.

    Unless told to ``load``, nothing is asked of a kernel that has no rules yet: asking would have
    it load its rule engine.
    """
    if not (load or _engine_runs()):
        return 0
    with suppress(OSError):
        found = [(family, name) for family, name in tables() if _is_abandoned(name)]
        if found:
            delete(found)
        return len(found)
    return 0


def _engine_runs() -> bool:
    try:
        return "nf_tables " in _MODULES.read_text(encoding="ascii", errors="replace")
    except OSError:
        return True  # a kernel without modules has it built in, or has none


def _is_abandoned(name: str) -> bool:
    """Whether its maker, if we can see that process at all, is gone."""
    found = _NAME.fullmatch(name)
    if found is None or found[1] != _pid_space():
        return False
    return _started(int(found[2])) != found[3]


def delete(found: list[tuple[str, str]]) -> None:
    """Delete tables, as far as they are there and that is allowed."""
    from layerwalk.probes.firewall.tools import ToolError, run  # late: there is seldom one

    for family, name in found:
        with suppress(ToolError):
            run(["nft", "delete", "table", family, name])


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
