"""How some processes are: at which limits, and what holds them up. Nothing goes on the wire.

It takes no rights to read limits, groups and threads; to see which files of another user's process
are open, and where, takes CAP_SYS_PTRACE (ptrace(2)). What may not be seen is named.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from itertools import islice

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, ProcessFact, ProcessSample
from layerwalk.probes.machine import LEAST_S
from layerwalk.probes.resources.figures import HERE, Files
from layerwalk.probes.resources.hierarchies import hierarchies
from layerwalk.probes.resources.process import look_at
from layerwalk.probes.resources.processes import born_of

_MOST = 64


def process(
    pids: Iterable[int],
    ctx: ProbeContext,
    earlier: ProcessFact | None = None,
    files: Files = HERE,
) -> ProcessFact:
    """Look at processes, at most 64; a second time where an earlier look is given.

    What has come of them since then is looked at, too.
    """
    asked = tuple(pids)[:_MOST]
    if earlier is not None:
        ctx.pause(earlier.at_s + LEAST_S - time.monotonic())
    now_s, found = time.monotonic(), hierarchies(files)
    since = time.time() - (now_s - earlier.at_s if earlier else 0.0)
    born = [one for pid in asked for one in born_of(files, pid, since)] if earlier else []
    every = dict.fromkeys((*asked, *born))
    looked = [look_at(pid, found, since, files) for pid in islice(every, _MOST)]
    seen = tuple(one for one in looked if one is not None)
    if not seen and not earlier:
        named = ", ".join(map(str, asked)) or "of that kind"
        return ProcessFact(outcome=Outcome.FAILED, detail=f"no process {named} is there any more")
    return ProcessFact(
        outcome=Outcome.ANSWERED,
        at_s=now_s,
        processes=seen,
        earlier_s=earlier.at_s if earlier else 0.0,
        earlier=earlier.processes if earlier else (),
        unseen=_unseen(seen, files),
    )


def _unseen(seen: tuple[ProcessSample, ...], files: Files) -> str:
    """What this user may not look at; which files are open shows whether it may."""
    barred = [str(one.pid) for one in seen if not _may_look(one.pid, files)]
    if not barred:
        return ""
    return f"the open files and file systems of process {', '.join(barred)}: this user may not look"


def _may_look(pid: int, files: Files) -> bool:
    try:
        with os.scandir(files.path(f"/proc/{pid}/fd")):
            return True
    except PermissionError:
        return False
    except OSError:
        return True
