"""What a trace may leave behind: tables named after the process that made them.

A table that a process owns goes with it; one that was added the old way stays where that process
was killed. Its name tells whose it was, so that the next walk can delete it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from layerwalk.probes.makers import is_abandoned, maker_name
from layerwalk.probes.rule_trace.netlink import tables

PREFIX = "layerwalk_trace"

_MODULES = Path("/proc/modules")


def own_name() -> str:
    """A name that no other table has, and that tells whose it is."""
    return maker_name(PREFIX)


def sweep(*, load: bool = False) -> int:
    """Delete the tables of processes that are gone, and tell how many there were.

    Unless told to ``load``, nothing is asked of a kernel that has no rules yet: asking would have
    it load its rule engine.
    """
    if not (load or _engine_runs()):
        return 0
    with suppress(OSError):
        found = [(family, name) for family, name in tables() if is_abandoned(name, PREFIX)]
        if found:
            delete(found)
        return len(found)
    return 0


def _engine_runs() -> bool:
    try:
        return "nf_tables " in _MODULES.read_text(encoding="ascii", errors="replace")
    except OSError:
        return True  # a kernel without modules has it built in, or has none


def delete(found: list[tuple[str, str]]) -> None:
    """Delete tables, as far as they are there and that is allowed."""
    from layerwalk.probes.firewall.tools import ToolError, run  # late: there is seldom one

    for family, name in found:
        with suppress(ToolError):
            run(["nft", "delete", "table", family, name])
