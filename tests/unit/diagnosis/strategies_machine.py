"""Looks at a machine and at processes, drawn at random, consistent or not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.probes.facts import (
    Confines,
    CpuQuota,
    Fact,
    FileSystem,
    Limits,
    MachineFact,
    MachineSample,
    Memory,
    MemoryLimit,
    Pressure,
    ProcessFact,
    ProcessorTimes,
    ProcessSample,
    Resource,
    TasksLimit,
    Tie,
)
from tests.unit.diagnosis.strategies_near import OUTCOMES

SECONDS = st.floats(0, 100)
COUNTS = st.integers(0, 2000)
FEW = st.integers(0, 3)
PRESSURES = st.tuples(
    *(st.builds(Pressure, resource=st.just(it), some_s=SECONDS, full_s=SECONDS) for it in Resource)
)
FOLDER = st.just("/sys/fs/cgroup/box")
CONFINES = st.builds(
    Confines,
    cpu=st.tuples()
    | st.tuples(
        st.builds(
            CpuQuota,
            folder=FOLDER,
            processors=st.floats(0.01, 4),
            period_s=st.just(0.1),
            periods=COUNTS,
            throttled=COUNTS,
            throttled_s=SECONDS,
        )
    ),
    memory=st.tuples()
    | st.tuples(
        st.builds(
            MemoryLimit,
            folder=FOLDER,
            limit=COUNTS,
            used=COUNTS,
            hits=COUNTS,
            oom_kills=FEW,
            frozen=st.booleans(),
        )
    ),
    tasks=st.tuples()
    | st.tuples(st.builds(TasksLimit, folder=FOLDER, limit=FEW, tasks=FEW, refused=FEW)),
    pressures=st.tuples() | PRESSURES,
)
LOOKS = st.builds(
    MachineSample,
    at_s=SECONDS,
    processors=st.integers(1, 4),
    load=SECONDS,
    running=FEW,
    tasks=COUNTS,
    most_tasks=COUNTS,
    open_files=COUNTS,
    most_open_files=COUNTS,
    times=st.builds(ProcessorTimes, busy_s=SECONDS, idle_s=SECONDS, stolen_s=SECONDS),
    memory=st.builds(Memory, total=COUNTS, available=COUNTS, swapped=COUNTS, oom_kills=FEW),
    pressures=st.tuples() | PRESSURES,
    own_waited_s=SECONDS,
    confines=CONFINES,
)
PROCESSES = st.builds(
    ProcessSample,
    pid=st.integers(1, 3),
    name=st.just("server"),
    limits=st.builds(Limits, open_files=st.none() | FEW, tasks=st.none() | FEW),
    open_files=st.none() | FEW,
    free_files=st.none() | FEW,
    user_tasks=st.none() | FEW,
    exempt=st.booleans(),
    ran_s=SECONDS,
    waited_s=SECONDS,
    running=FEW,
    blocked=FEW,
    major_faults=FEW,
    confines=CONFINES,
    file_systems=st.lists(
        st.builds(
            FileSystem,
            place=st.sampled_from(["/", "/var/log"]),
            kind=st.just("ext4"),
            tie=st.sampled_from(Tie),
            size=FEW,
            free=FEW,
            inodes=FEW,
            free_inodes=FEW,
            turned=st.booleans(),
            changed=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
)


def machines() -> SearchStrategy[Fact]:
    """One look at the machine, or two."""
    return st.builds(MachineFact, outcome=OUTCOMES, sample=LOOKS, earlier=st.none() | LOOKS)


def processes() -> SearchStrategy[Fact]:
    """One look at some processes, or two."""
    several = st.lists(PROCESSES, max_size=2).map(tuple)
    return st.builds(
        ProcessFact,
        outcome=OUTCOMES,
        at_s=SECONDS,
        processes=several,
        earlier_s=SECONDS,
        earlier=several,
        unseen=st.sampled_from(["", "its open files"]),
    )
