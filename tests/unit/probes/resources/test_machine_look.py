"""One look at a machine, on recorded files of another."""

from pathlib import Path

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    MachineFact,
    MachineSample,
    Memory,
    Outcome,
    Pressure,
    ProcessorTimes,
    Resource,
    stall,
)
from layerwalk.probes.machine import machine
from layerwalk.probes.resources.figures import HERE, Files
from layerwalk.probes.resources.machine import look
from tests.unit.probes.resources.recorded import (
    DISKSTATS,
    MEMINFO,
    PRESSURE,
    STAT,
    VMSTAT,
    recorded,
)

MACHINE = {
    "/proc/loadavg": "4.86 3.27 2.38 5/571 7115\n",
    "/proc/stat": STAT,
    "/proc/meminfo": MEMINFO,
    "/proc/vmstat": VMSTAT,
    "/proc/diskstats": DISKSTATS,
    "/proc/pressure/cpu": PRESSURE.partition("full")[0],
    "/proc/pressure/memory": PRESSURE,
    "/proc/pressure/io": PRESSURE,
    "/proc/sys/fs/file-nr": "3401\t0\t2466170\n",
    "/proc/sys/kernel/threads-max": "192730\n",
    "/proc/sys/kernel/pid_max": "32768\n",
    "/proc/self/task/7/schedstat": "2000000000 500000000 12\n",
    "/proc/self/task/7/stat": "7 (a (b) R) S 1 2 3\n",
}


def test_a_machine_is_read(tmp_path: Path) -> None:
    found = look(recorded(tmp_path, MACHINE))
    assert (found.processors, found.load, found.running, found.tasks) == (2, 4.86, 5, 571)
    assert (found.open_files, found.most_open_files) == (3401, 2466170)
    assert (found.most_tasks, found.most_ids) == (192730, 32768)
    memory = found.memory
    assert (memory.total, memory.available) == (4000000 << 10, 250000 << 10)
    assert (memory.swap_total - memory.swap_free, memory.swapped) == (400000 << 10, 100)
    assert (memory.major_faults, memory.oom_kills) == (900, 2)
    assert found.own_waited_s == 0.5


def test_time_that_was_taken_away_is_none_that_was_used(tmp_path: Path) -> None:
    times = look(recorded(tmp_path, MACHINE)).times
    found = (times.busy_s, times.idle_s, times.io_wait_s, times.stolen_s)
    assert found == pytest.approx((15.3, 80, 4, 0.7))


def test_disks_are_whole_ones_that_did_anything(tmp_path: Path) -> None:
    disks = look(recorded(tmp_path, MACHINE)).disks
    assert [(one.name, one.busy_s) for one in disks] == [("nvme0n1", 4.5), ("sda", 0.7)]


def test_pressure_of_processors_need_have_no_full(tmp_path: Path) -> None:
    found = {one.resource: one for one in look(recorded(tmp_path, MACHINE)).pressures}
    assert (found[Resource.CPU].some_s, found[Resource.CPU].full_s) == (2.5, 0.0)
    assert (found[Resource.IO].full_s, found[Resource.IO].full_avg10) == (0.5, 0.03)


def test_what_a_kernel_does_not_tell_is_left_out(tmp_path: Path) -> None:
    found = look(recorded(tmp_path, {"/proc/loadavg": "odd", "/proc/stat": "cpu x y\n"}))
    assert (found.pressures, found.disks, found.load, found.processors) == ((), (), 0.0, 1)
    assert found.memory == Memory()


def test_without_proc_nothing_is_known(tmp_path: Path) -> None:
    fact = machine(ProbeContext(), files=Files(tmp_path))
    assert fact.outcome is Outcome.FAILED
    assert "/proc" in fact.finding


def test_this_machine_can_be_looked_at_twice() -> None:
    ctx = ProbeContext()
    ctx.cancel.set()  # the second look need not wait for much to happen
    first = machine(ctx)
    again = machine(ctx, first.sample, HERE)
    assert again.outcome is Outcome.ANSWERED
    assert again.sample.memory.total == first.sample.memory.total > 0
    assert again.span_s > 0


def _moved(busy_s: float, idle_s: float) -> MachineFact:
    first = MachineSample(at_s=1.0)
    last = MachineSample(at_s=3.0, times=ProcessorTimes(busy_s=busy_s, idle_s=idle_s))
    return MachineFact(outcome=Outcome.ANSWERED, sample=last, earlier=first)


@pytest.mark.parametrize(("busy_s", "idle_s", "share"), [(1, 3, 0.25), (4, 0, 1.0), (0, 0, None)])
def test_how_busy_it_is_shows_between_two_looks(
    busy_s: float, idle_s: float, share: float | None
) -> None:
    assert _moved(busy_s, idle_s).busy == share
    assert MachineFact(outcome=Outcome.ANSWERED).busy is None


def test_a_machine_is_told_in_a_line() -> None:
    first = MachineSample(memory=Memory(total=8 << 30, available=6 << 30), tasks=3, load=0.5)
    at_once = MachineFact(outcome=Outcome.ANSWERED, sample=first)
    assert at_once.finding == (
        "this machine: load 0.5 on 1 processor, 6.0 of 8.0 GiB memory available, 0 open files, "
        "3 tasks"
    )
    assert _moved(1, 3).finding == "this machine: over 2.0 s, processors 25% busy, nothing swapped"


def test_much_waiting_is_worth_a_word() -> None:
    def waits(some_s: float) -> tuple[Pressure, ...]:
        return (
            Pressure(resource=Resource.CPU, some_s=some_s, some_avg10=0.81),
            Pressure(resource=Resource.IO, some_s=some_s / 9, some_avg10=0.1),
        )

    first = MachineSample(at_s=1.0, pressures=waits(9.0))
    at_once = MachineFact(outcome=Outcome.ANSWERED, sample=first)
    assert at_once.finding.endswith("of the last 10 s tasks waited for a processor 81%")
    last = MachineSample(at_s=3.0, pressures=waits(10.0))
    again = MachineFact(outcome=Outcome.ANSWERED, sample=last, earlier=first)
    assert again.finding.endswith("tasks waited for a processor 50% of the time")


def test_stalls_are_shares_of_the_time_between() -> None:
    before = (Pressure(resource=Resource.MEMORY, some_s=1.0, full_s=0.5),)
    now = (Pressure(resource=Resource.MEMORY, some_s=2.0, full_s=0.7),)
    found = stall(now, before, Resource.MEMORY, 2.0)
    assert found
    assert (found.some, found.full) == (0.5, 0.1)
    assert stall(now, before, Resource.IO, 2.0) is None
    assert stall(now, before, Resource.MEMORY, 0.0) is None
