"""How this machine is, at one moment or between two. Nothing goes on the wire; no rights needed.

The second look is held against the first: what the kernel has counted since it started is history.
"""

from __future__ import annotations

import time

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import MachineFact, MachineSample, Outcome
from layerwalk.probes.resources.figures import HERE, Files
from layerwalk.probes.resources.machine import look

LEAST_S = 1.0
"""The least time between two looks: a group's throttling is counted when its period is over."""


def machine(
    ctx: ProbeContext, earlier: MachineSample | None = None, files: Files = HERE
) -> MachineFact:
    """Look at the machine, a second time where an earlier look is given."""
    if not files.text("/proc/loadavg"):
        detail = "/proc can't be read, so nothing is known of this machine's load"
        return MachineFact(outcome=Outcome.FAILED, detail=detail)
    if earlier is not None:
        ctx.pause(earlier.at_s + LEAST_S - time.monotonic())
    return MachineFact(outcome=Outcome.ANSWERED, sample=look(files), earlier=earlier)
