"""Facts of this machine and its processes, as examples are made of: all of them invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from layerwalk.probes.facts import (
    Limits,
    MachineFact,
    MachineSample,
    Memory,
    Outcome,
    ProcessFact,
    ProcessorTimes,
    ProcessSample,
)

FIRST_S, SPAN_S = 10.0, 2.0


def look(**changes: Any) -> MachineSample:
    """A look at a machine of two processors that has enough of everything."""
    fields: dict[str, Any] = {
        "at_s": FIRST_S,
        "processors": 2,
        "load": 0.2,
        "running": 1,
        "tasks": 300,
        "most_tasks": 60_000,
        "most_ids": 4_194_304,
        "open_files": 2_000,
        "most_open_files": 1 << 20,
        "times": ProcessorTimes(busy_s=2.0, idle_s=18.0),
        "memory": Memory(total=8 << 30, available=6 << 30),
    }
    return MachineSample(**{**fields, **changes})


def machine(**changes: Any) -> MachineFact:
    """The first look."""
    return MachineFact(outcome=Outcome.ANSWERED, sample=look(**changes))


def machine_again(first: MachineSample | None = None, **changes: Any) -> MachineFact:
    """The second look, two seconds later: nothing but the idle time has moved."""
    before = first or look()
    times = replace(before.times, idle_s=before.times.idle_s + 2 * SPAN_S)
    fields = {"at_s": before.at_s + SPAN_S, "times": times, **changes}
    return MachineFact(outcome=Outcome.ANSWERED, sample=replace(before, **fields), earlier=before)


def sample(**changes: Any) -> ProcessSample:
    """A process with a few open files and threads, and room for many more."""
    fields: dict[str, Any] = {
        "pid": 4242,
        "name": "server",
        "user": 1000,
        "limits": Limits(open_files=1024, tasks=30_000),
        "open_files": 12,
        "free_files": 1012,
    }
    return ProcessSample(**{**fields, **changes})


def process(**changes: Any) -> ProcessFact:
    """The first look at it."""
    return ProcessFact(outcome=Outcome.ANSWERED, at_s=FIRST_S, processes=(sample(**changes),))


def process_again(first: ProcessSample | None = None, **changes: Any) -> ProcessFact:
    """The second look, two seconds later."""
    before = first or sample()
    return ProcessFact(
        outcome=Outcome.ANSWERED,
        at_s=FIRST_S + SPAN_S,
        processes=(replace(before, **changes),),
        earlier_s=FIRST_S,
        earlier=(before,),
    )
