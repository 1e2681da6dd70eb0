"""Strains of processors and memory, and what is none; and how a connection may suffer."""

from dataclasses import replace
from typing import Any

import pytest

from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.samples import resources, server
from layerwalk.probes.facts import (
    Confines,
    IntakeFact,
    Limits,
    MachineFact,
    Memory,
    MemoryLimit,
    Outcome,
    Pressure,
    ProcessFact,
    ProcessorTimes,
    Resource,
)
from tests.unit.diagnosis.serving import BOX, CUT, FULL, box, serving, status

FATES = {
    "not accepted": server.unaccepted(),
    "cut off": CUT,
    "reset": server.served(closed_s=0.1, reset=True),
    "an error": server.served(asked="http", answered_s=0.1, status=500, said=9),
    "mute": server.served(asked="http", waited_s=10.0),
    "late": server.served(taken_s=1.6),
    "silent": server.overflowing(),
}


@pytest.mark.parametrize("fate", FATES.values(), ids=FATES)
def test_whatever_the_service_fails_to_do_the_resource_goes_first(fate: IntakeFact) -> None:
    view = serving(fate, resources.machine(), resources.process(**FULL))
    conclusion = conclude(view)
    assert conclusion.named[0].cause.id == "descriptors-exhausted"
    assert conclusion.named[0].advice[0].on == "server"
    assert "64 files" in conclusion.summary


@pytest.mark.parametrize(
    ("answered_s", "timeout_s", "named"),
    [(4.0, None, False), (4.0, 5.0, False), (4.0, 3.0, True)],
)
def test_late_is_what_the_program_does_not_wait_for(
    answered_s: float, timeout_s: float | None, *, named: bool
) -> None:
    late = server.served(asked="http", answered_s=answered_s, status=200, said=9)
    looks = (late, resources.machine(), resources.process(**FULL))
    found = status("descriptors-exhausted", *looks, timeout_s=timeout_s)
    assert found is (Status.CONFIRMED if named else Status.RULED_OUT)


LATE = server.served(taken_s=2.0)


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (box(19, 20, 1.8), Status.CONFIRMED),
        (box(3, 20, 0.2), Status.RULED_OUT),  # now and then
        (box(19, 20, 0.1), Status.RULED_OUT),  # in each period, but not for long
        (box(0, 0, 0.0), Status.RULED_OUT),
    ],
)
def test_a_group_is_short_of_time_where_it_stands_still(last: Confines, found: Status) -> None:
    first = resources.sample(confines=box(0, 0, 0.0))
    again = resources.process_again(first, confines=last)
    assert status("cpu-saturated", LATE, resources.machine_again(), again) is found


@pytest.mark.parametrize(
    ("fate", "found"),
    [
        (server.served(closed_s=0.1), Status.RULED_OUT),
        (server.served(asked="http", answered_s=0.1, status=500, said=9), Status.RULED_OUT),
        (server.served(closed_s=4.0), Status.CONFIRMED),
        (server.unaccepted(), Status.CONFIRMED),
        (server.served(asked="http", waited_s=10.0), Status.CONFIRMED),
    ],
)
def test_what_fails_at_once_wants_no_time(fate: IntakeFact, found: Status) -> None:
    first = resources.sample(confines=box(0, 0, 0.0))
    again = resources.process_again(first, confines=box(19, 20, 1.8), ran_s=0.2)
    assert status("cpu-saturated", fate, resources.machine_again(), again) is found


def test_what_was_stopped_long_ago_is_history() -> None:
    first = resources.sample(confines=box(900, 1000, 80.0))
    again = resources.process_again(first)
    assert status("cpu-saturated", LATE, resources.machine_again(), again) is Status.RULED_OUT


def test_a_period_that_is_not_over_shows_by_who_stands_ready_and_does_not_run() -> None:
    first = resources.sample(confines=box(0, 0, 0.0), running=1)
    again = resources.process_again(first, confines=box(2, 2, 0.0))
    assert status("cpu-saturated", LATE, resources.machine_again(), again) is Status.CONFIRMED


BUSY = ProcessorTimes(busy_s=6.0, idle_s=18.0)


@pytest.mark.parametrize(
    ("moved", "times", "found"),
    [
        ({"waited_s": 1.5, "ran_s": 0.4}, BUSY, Status.CONFIRMED),
        ({"waited_s": 1.5, "ran_s": 0.4}, ProcessorTimes(busy_s=3.0, idle_s=21.0), None),
        ({"waited_s": 0.1, "ran_s": 0.4}, BUSY, None),
        ({"waited_s": 0.6, "ran_s": 1.4}, BUSY, None),
        ({}, BUSY, None),
    ],
)
def test_others_have_the_processors_where_it_waits_more_than_it_runs(
    moved: dict[str, Any], times: ProcessorTimes, found: Status | None
) -> None:
    looks = (resources.machine_again(times=times), resources.process_again(**moved))
    assert status("cpu-saturated", LATE, *looks) is (found or Status.RULED_OUT)


STOLEN = ProcessorTimes(busy_s=4.0, idle_s=18.0, stolen_s=2.0)


def test_a_host_may_take_the_time_of_its_guest() -> None:
    looks = (resources.machine_again(times=STOLEN), resources.process_again())
    assert status("cpu-saturated", LATE, *looks) is Status.LIKELY


SHORT = (
    resources.machine_again(times=STOLEN),
    resources.machine_again(times=BUSY),
)


@pytest.mark.parametrize("machine", SHORT, ids=["stolen", "busy"])
@pytest.mark.parametrize(
    ("moved", "named"),
    [
        ({}, False),
        ({"waited_s": 0.6, "ran_s": 0.01}, False),  # it had its turn, and has slept since
        ({"waited_s": 0.6, "ran_s": 0.01, "running": 1}, True),
        ({"waited_s": 1.9, "ran_s": 0.01}, True),
    ],
)
def test_a_service_that_sleeps_lacks_no_time(
    machine: MachineFact, moved: dict[str, Any], *, named: bool
) -> None:
    found = status("cpu-saturated", server.unaccepted(), machine, resources.process_again(**moved))
    assert found.names_it is named


def test_a_full_queue_beside_a_busy_machine_is_a_full_queue() -> None:
    looks = (resources.machine_again(times=BUSY), resources.process_again(waited_s=0.6))
    conclusion = conclude(serving(server.overflowing(), *looks))
    assert [one.cause.id for one in conclusion.named] == ["accept-queue-full"]


def test_who_spins_for_want_of_a_descriptor_lacks_the_descriptor() -> None:
    spinning = resources.process_again(**FULL, ran_s=0.5, waited_s=1.4, running=1)
    looks = (resources.machine_again(times=BUSY), spinning)
    conclusion = conclude(serving(server.unaccepted(), *looks))
    named = [one.cause.id for one in conclusion.named]
    assert named == ["descriptors-exhausted", "cpu-saturated"]


@pytest.mark.parametrize(
    ("waited_s", "ran_s", "named"), [(2.2, 0.8, True), (1.4, 1.5, True), (1.2, 0.2, False)]
)
def test_threads_that_have_ended_since_had_waited_too(
    waited_s: float, ran_s: float, *, named: bool
) -> None:
    fields = {"service_waited_s": waited_s, "service_ran_s": ran_s}
    late = server.served(asked="http", taken_s=0.0, answered_s=3.3, said=9, **fields)
    looks = (resources.machine_again(times=BUSY), resources.process_again())
    found = status("cpu-saturated", late, *looks, timeout_s=2.0)
    assert found is (Status.CONFIRMED if named else Status.RULED_OUT)


def test_a_short_wait_does_not_explain_a_long_one() -> None:
    looks = (resources.machine_again(times=BUSY), resources.process_again(waited_s=0.6))
    late = server.served(taken_s=4.0, waited_s=4.5)
    assert status("cpu-saturated", late, *looks) is Status.RULED_OUT


def kept(**changes: Any) -> Confines:
    fields: dict[str, Any] = {"limit": 64 << 20, "used": 64 << 20, "hits": 10}
    return Confines(memory=(MemoryLimit(folder=BOX, **{**fields, **changes}),))


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (kept(oom_kills=1), Status.CONFIRMED),
        (kept(frozen=True), Status.CONFIRMED),
        (kept(hits=900, major_faults=400), Status.LIKELY),
        (kept(hits=900), Status.RULED_OUT),  # it gives files back, and reads none again
        (kept(hits=900, major_faults=400, inactive=60 << 20), Status.RULED_OUT),
        (kept(), Status.RULED_OUT),
    ],
)
def test_a_group_at_its_limit_of_memory_is_short_where_it_harms(
    last: Confines, found: Status
) -> None:
    again = resources.process_again(resources.sample(confines=kept()), confines=last)
    assert status("memory-exhausted", CUT, resources.machine_again(), again) is found


def pressed(some_s: float, full_s: float) -> tuple[Pressure, ...]:
    return (Pressure(resource=Resource.MEMORY, some_s=some_s, full_s=full_s),)


def test_a_group_of_its_own_may_stand_still_for_memory() -> None:
    first = resources.sample(confines=Confines(pressures=pressed(1.0, 0.5)))
    again = resources.process_again(first, confines=Confines(pressures=pressed(2.5, 1.4)))
    assert status("memory-exhausted", CUT, resources.machine_again(), again) is Status.CONFIRMED


SMALL = Memory(total=4 << 30, available=100 << 20, swap_total=2 << 30, swap_free=1 << 30)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ({"pressures": pressed(0, 0)}, {"pressures": pressed(0.6, 0.4)}, Status.CONFIRMED),
        ({"pressures": pressed(0, 0)}, {"pressures": pressed(0.4, 0.1)}, Status.RULED_OUT),
        ({"memory": SMALL}, {"memory": replace(SMALL, swapped=9_000)}, Status.LIKELY),
        ({"memory": SMALL}, {"memory": SMALL}, Status.RULED_OUT),
        ({"memory": SMALL}, {"memory": replace(SMALL, oom_kills=1)}, Status.LIKELY),
    ],
)
def test_the_machine_is_short_of_memory_where_all_stand_still(
    first: dict[str, Any], last: dict[str, Any], found: Status
) -> None:
    again = resources.machine_again(resources.look(**first), **last)
    assert status("memory-exhausted", CUT, again, resources.process_again()) is found


def test_the_service_itself_was_killed() -> None:
    memory = replace(resources.look().memory, oom_kills=1)
    gone = ProcessFact(
        outcome=Outcome.ANSWERED, at_s=12.0, earlier_s=10.0, earlier=(resources.sample(),)
    )
    assert (
        status("memory-exhausted", CUT, resources.machine_again(memory=memory), gone)
        is Status.CONFIRMED
    )


def test_a_process_may_have_a_limit_of_its_own() -> None:
    tight = resources.process(limits=Limits(address_space=1 << 28), address_space=(1 << 28) - 4096)
    assert status("memory-exhausted", CUT, resources.machine(), tight) is Status.LIKELY
