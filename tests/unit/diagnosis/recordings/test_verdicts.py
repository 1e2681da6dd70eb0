"""From a machine's files to the verdict, on recordings of what no machine that tests this has."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.diagnosis.recordings.kernels import KERNELS, NEWEST, Figures, Group, Kernel
from tests.unit.diagnosis.recordings.layouts import KUBERNETES, PLACES, UNIT, spelled
from tests.unit.diagnosis.recordings.looks import (
    IN_TIME,
    LATE,
    Moment,
    Place,
    connected,
    looks,
    served,
)

CALM = Moment()
QUOTA, ROOM, TASKS = 5_000, 64 << 20, 24
SECOND = 1_000_000
STANDING = Group(quota=QUOTA, throttled=19, stood_us=1_800_000)
KILLED = Group(memory=ROOM, used=ROOM, kills=1, ooms=1)
AT_LIMIT = Group(tasks=TASKS, has=TASKS, refused=2)
UNIFIED = [it for it in PLACES if it[1].version == 2]
NESTED = [it for it in PLACES if it[1].above]
each_place = pytest.mark.parametrize("place", PLACES, ids=spelled)
each_unified = pytest.mark.parametrize("place", UNIFIED, ids=spelled)
each_nested = pytest.mark.parametrize("place", NESTED, ids=spelled)
each_kernel = pytest.mark.parametrize("kernel", KERNELS, ids=lambda it: it.name)


def held(folder: Path, place: Place, first: Moment, last: Moment, cause: str) -> str:
    """Hold that a strain is named where it harms, on both families, and else not; tell it."""
    found = looks(folder, place, first, last)
    said = ""
    for version in (4, 6):
        assert served(version, IN_TIME, *found).outcome == "healthy"
        told = served(version, LATE, *found)
        assert [one.cause.id for one in told.named][:1] == [cause], told.summary
        said = told.summary
    return said


def unheld(folder: Path, place: Place, first: Moment, last: Moment) -> None:
    """Hold that no resource is blamed for a service that comes late."""
    found = looks(folder, place, first, last)
    for version in (4, 6):
        assert [
            it.cause.id for it in served(version, LATE, *found).named if not it.cause.layer
        ] == []


def own(last: Group, **changes: int | None) -> tuple[Moment, Moment]:
    """A service whose own group comes from nothing counted to this."""
    none = {"throttled": 0, "stood_us": 0, "kills": 0, "ooms": 0, "refused": 0}
    first = replace(last, **{**none, **changes})  # type: ignore[arg-type]
    return Moment(own=first), Moment(own=last)


def above(last: Group) -> tuple[Moment, Moment]:
    first, again = own(last)
    return Moment(above=first.own), Moment(above=again.own)


@each_place
def test_a_group_without_time(tmp_path: Path, place: Place) -> None:
    said = held(tmp_path, place, *own(STANDING), "cpu-saturated")
    assert "may use 5% of a processor" in said


@each_nested
def test_the_quota_of_the_group_above_counts(tmp_path: Path, place: Place) -> None:
    held(tmp_path, place, *above(STANDING), "cpu-saturated")


@each_place
def test_time_that_lacked_long_ago_is_history(tmp_path: Path, place: Place) -> None:
    unheld(tmp_path, place, Moment(own=STANDING), Moment(own=STANDING))


@each_place
def test_a_group_without_memory(tmp_path: Path, place: Place) -> None:
    said = held(tmp_path, place, *own(KILLED), "memory-exhausted")
    assert "64 MiB" in said


@each_unified
def test_the_limit_of_memory_above_counts(tmp_path: Path, place: Place) -> None:
    if place in NESTED:
        held(tmp_path, place, *above(KILLED), "memory-exhausted")
    else:
        unheld(tmp_path, place, *above(KILLED))  # what is above can't be seen from there


@each_nested
def test_a_kill_in_a_group_beside_is_not_ours(tmp_path: Path, place: Place) -> None:
    """The group above counts it, too, without being at its own limit."""
    beside = Group(memory=8 << 30, used=ROOM, kills=1 if place[1].version == 2 else 0)
    unheld(tmp_path, place, Moment(above=replace(beside, kills=0)), Moment(above=beside))


@each_unified
def test_a_group_that_stands_still_for_memory(tmp_path: Path, place: Place) -> None:
    last = Moment(own=Group(memory=ROOM, stalled={"memory": SECOND}))
    said = held(tmp_path, place, Moment(own=Group(memory=ROOM)), last, "memory-exhausted")
    assert "stood still" in said


@each_unified
def test_a_group_that_stands_still_for_a_disk(tmp_path: Path, place: Place) -> None:
    last = Moment(own=Group(stalled={"io": SECOND}), state="D")
    held(tmp_path, place, CALM, last, "disk-exhausted")


@each_place
def test_a_group_that_may_start_nothing_more(tmp_path: Path, place: Place) -> None:
    held(tmp_path, place, *own(AT_LIMIT), "processes-exhausted")


@each_nested
def test_a_fork_that_failed_at_the_limit_above(tmp_path: Path, place: Place) -> None:
    """Until Linux 6.11 it is counted in the group that tried, which has no limit of its own."""
    there = AT_LIMIT if place[0].local_pids else replace(AT_LIMIT, refused=0)
    tried = Group(refused=0 if place[0].local_pids else 2)
    room = replace(there, has=20)  # one has ended since
    first = Moment(own=replace(tried, refused=0), above=replace(room, refused=0))
    said = held(tmp_path, place, first, Moment(own=tried, above=room), "processes-exhausted")
    assert "refused 2 times" in said
    assert "may have 24" in said


@each_nested
def test_a_fork_that_failed_beside_is_not_ours(tmp_path: Path, place: Place) -> None:
    last = Group(tasks=400, has=20, refused_below=9)
    unheld(tmp_path, place, Moment(above=replace(last, refused_below=0)), Moment(above=last))


def of_machine(**figures: object) -> Moment:
    return Moment(figures=Figures(**figures), state="R")  # type: ignore[arg-type]


@each_kernel
def test_a_machine_that_stands_still_for_memory(tmp_path: Path, kernel: Kernel) -> None:
    last = of_machine(available_kb=90_000, stalled={"memory": SECOND})
    said = held(tmp_path, (kernel, UNIT), of_machine(), last, "memory-exhausted")
    assert "tasks stood still 50% of the time to get memory" in said


@each_kernel
def test_a_machine_that_swaps_and_does_not_tell_its_stalls(tmp_path: Path, kernel: Kernel) -> None:
    silent = replace(kernel, pressure=False)
    last = of_machine(available_kb=90_000, swapped=90_000)
    said = held(tmp_path, (silent, UNIT), of_machine(available_kb=90_000), last, "memory-exhausted")
    assert "swap" in said


@each_kernel
def test_a_machine_that_killed_the_service(tmp_path: Path, kernel: Kernel) -> None:
    gone = replace(of_machine(kills=1), state=None)
    said = held(tmp_path, (kernel, UNIT), of_machine(), gone, "memory-exhausted")
    assert "killed a process for want of memory" in said


@each_kernel
def test_a_kill_long_ago_is_history(tmp_path: Path, kernel: Kernel) -> None:
    unheld(tmp_path, (kernel, UNIT), of_machine(kills=3), of_machine(kills=3))


@each_kernel
def test_a_machine_that_stands_still_for_a_disk(tmp_path: Path, kernel: Kernel) -> None:
    slow = Figures(stalled={"io": SECOND}, disk_ms=6500)
    last = Moment(figures=slow, state="D")
    said = held(tmp_path, (kernel, UNIT), CALM, last, "disk-exhausted")
    assert "nvme0n1 is busy all the time" in said


@each_kernel
def test_a_disk_that_is_busy_and_holds_nobody_up(tmp_path: Path, kernel: Kernel) -> None:
    unheld(tmp_path, (kernel, UNIT), CALM, Moment(figures=Figures(disk_ms=6500)))


@each_kernel
@pytest.mark.parametrize(
    ("figures", "cause", "said"),
    [
        ({"open_files": 9_950}, "descriptors-exhausted", "9950 files are open"),
        ({"tasks": 29_900}, "processes-exhausted", "kernel.threads-max"),
    ],
)
def test_a_machine_at_a_limit(
    tmp_path: Path, kernel: Kernel, figures: dict[str, int], cause: str, said: str
) -> None:
    full = of_machine(**figures)
    assert said in held(tmp_path, (kernel, UNIT), full, full, cause)


CLIENTS = {
    "time": (
        "cpu-saturated",
        Moment(own=replace(STANDING, throttled=0, stood_us=0)),
        Moment(own=STANDING),
    ),
    "memory": (
        "memory-exhausted",
        CALM,
        of_machine(available_kb=90_000, stalled={"memory": SECOND}),
    ),
    "files": ("descriptors-exhausted", *(of_machine(open_files=9_950),) * 2),
    "tasks": ("processes-exhausted", *(of_machine(tasks=29_900),) * 2),
}


@pytest.mark.parametrize("place", PLACES, ids=spelled)
@pytest.mark.parametrize("case", CLIENTS.values(), ids=CLIENTS)
def test_a_client_whose_machine_is_strained(
    tmp_path: Path, place: Place, case: tuple[str, Moment, Moment]
) -> None:
    """Of its processes a client's walk knows only those that a person names."""
    cause, first, last = case
    whole, _ = looks(tmp_path, place, first, last)
    assert connected(0.002, whole).outcome == "healthy"
    assert [one.cause.id for one in connected(2.0, whole).named][:1] == [cause]


def test_what_is_recorded_is_read_whole(tmp_path: Path) -> None:
    """Every limit and figure of a group in a group, as the facts have them."""
    limits = Group(quota=QUOTA, memory=ROOM, tasks=TASKS)
    moment = Moment(own=limits, above=replace(STANDING, memory=ROOM * 2, tasks=400))
    _, fact = looks(tmp_path, (NEWEST, KUBERNETES), moment, moment)
    confines = fact.processes[0].confines
    assert [one.processors for one in confines.cpu] == [0.05, 0.05]
    assert [one.throttled_s for one in confines.cpu] == [0.0, 1.8]
    assert [one.limit for one in confines.memory] == [ROOM, ROOM * 2]
    assert [one.limit for one in confines.tasks] == [TASKS, 400]
    assert len(confines.pressures) == 3
