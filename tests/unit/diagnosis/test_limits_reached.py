"""Limits that are reached: of disks, open files and tasks, for a service and for a client."""

from dataclasses import replace
from typing import Any

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.model import Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.samples import resources, server
from layerwalk.diagnosis.tree import Measure, Step, wanted
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    Confines,
    FileSystem,
    Limits,
    MachineSample,
    Outcome,
    ServiceFact,
    TasksLimit,
    Tie,
)
from tests.unit.diagnosis.serving import BOX, CUT, FULL, OK, box, judged, serving, status
from tests.unit.diagnosis.views import walk


def room(**changes: Any) -> FileSystem:
    fields: dict[str, Any] = {"place": "/spool", "kind": "tmpfs", "size": 64 << 20, "free": 0}
    return FileSystem(**{**fields, **changes})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (room(tie=Tie.OPEN), Status.CONFIRMED),
        (room(tie=Tie.FOLDER), Status.CONFIRMED),
        (room(tie=Tie.NAMED), Status.CONFIRMED),
        (room(tie=Tie.USUAL), Status.LIKELY),
        (room(tie=Tie.NONE, changed=True), Status.CONFIRMED),
        (room(tie=Tie.NONE), Status.POSSIBLE),
        (room(tie=Tie.OPEN, free=9 << 20, inodes=9), Status.CONFIRMED),
        (room(tie=Tie.OPEN, free=4096), Status.LIKELY),
        (room(tie=Tie.OPEN, free=3 << 20), Status.RULED_OUT),
        (room(tie=Tie.OPEN, size=1 << 20, free=1 << 19), Status.RULED_OUT),
        (room(tie=Tie.OPEN, free=9 << 20, turned=True), Status.CONFIRMED),
        (room(tie=Tie.OPEN, size=0), Status.RULED_OUT),
    ],
)
def test_a_full_file_system_matters_where_the_service_needs_it(
    found: FileSystem, told: Status
) -> None:
    looks = (resources.machine_again(), resources.process_again(file_systems=(found,)))
    assert status("disk-exhausted", CUT, *looks) is told
    assert status("disk-exhausted", OK, *looks) is Status.RULED_OUT


def group(tasks: int, refused: int = 0) -> Confines:
    return Confines(tasks=(TasksLimit(folder=BOX, limit=9, tasks=tasks, refused=refused),))


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ({"confines": group(9)}, Status.LIKELY),
        ({"confines": group(8, refused=2)}, Status.CONFIRMED),
        ({"confines": group(8)}, Status.RULED_OUT),
        ({"limits": Limits(tasks=5), "user_tasks": 6}, Status.LIKELY),
        ({"limits": Limits(tasks=5), "user_tasks": 4}, Status.RULED_OUT),
        ({"limits": Limits(tasks=5), "user_tasks": 6, "exempt": True}, Status.RULED_OUT),
    ],
)
def test_nothing_more_can_be_started_at_a_limit(last: dict[str, Any], found: Status) -> None:
    first = resources.sample(confines=group(8))
    looks = (resources.machine_again(), resources.process_again(first, **last))
    assert status("processes-exhausted", CUT, *looks) is found


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"open_files": 995, "most_open_files": 1000}, "descriptors-exhausted"),
        ({"tasks": 995, "most_tasks": 1000}, "processes-exhausted"),
        ({"tasks": 995, "most_ids": 1000}, "processes-exhausted"),
    ],
)
def test_the_machine_has_limits_too(fields: dict[str, Any], cause: str) -> None:
    looks = (resources.machine(**fields), resources.process())
    assert status(cause, CUT, *looks) is Status.CONFIRMED
    assert status(cause, OK, *looks) is Status.RULED_OUT


CLIENT = (samples.links(), samples.route(), samples.open_port())


@pytest.mark.parametrize(
    ("waited_s", "rtt_s", "repeats", "found"),
    [
        (0.003, 0.001, 0, Status.RULED_OUT),
        (2.0, 0.001, 0, Status.CONFIRMED),
        (2.0, 1.9, 0, Status.RULED_OUT),
        (2.0, 0.001, 1, Status.RULED_OUT),
        (2.0, 0.0, 0, Status.RULED_OUT),
    ],
)
def test_a_client_suffers_where_its_connection_comes_late_and_the_path_is_quick(
    waited_s: float, rtt_s: float, repeats: int, found: Status
) -> None:
    first: MachineSample = resources.look(confines=box(0, 0, 0.0))
    again = resources.machine_again(first, confines=box(19, 20, 1.8))
    made = replace(samples.connect(waited_s=waited_s), rtt_s=rtt_s, repeats=repeats)
    view = walk((*CLIENT, made, again))
    assert judged("cpu-saturated", view).status is found


def test_a_client_that_is_named_fails_at_its_limit_whatever_we_can_do() -> None:
    view = walk((*CLIENT, samples.connect(), resources.machine(), resources.process(**FULL)))
    conclusion = conclude(view)
    assert conclusion.outcome == "fault"
    assert conclusion.named[0].cause.id == "descriptors-exhausted"
    assert conclusion.named[0].advice[0].on == "client"


def test_what_may_not_be_seen_is_named_with_what_would_unlock_it() -> None:
    hidden = resources.process(free_files=None, open_files=None)
    barred = replace(hidden, unseen="the open files of process 4242: this user may not look")
    view = serving(server.unaccepted(), resources.machine(), barred)
    open_ids = {one.id: one for one in conclude(view).open}
    assert "may not look" in open_ids["descriptors-exhausted"].why
    assert open_ids["descriptors-exhausted"].unlock.startswith("sudo layerwalk diagnose")


def asked(view: WalkView) -> set[Measure]:
    return {one for one in wanted(view) if one.step.startswith(("machine", "process"))}


UNIT = ServiceFact(outcome=Outcome.ANSWERED, port=5432)
LOOKS = (resources.machine(), resources.process())
MACHINE, AGAIN = Measure(Step.MACHINE), Measure(Step.MACHINE_AGAIN)
PROCESS, PROCESS_AGAIN = Measure(Step.PROCESS), Measure(Step.PROCESS_AGAIN)


def test_the_service_is_looked_at_before_it_is_stirred() -> None:
    view = serving()
    assert asked(view) == {MACHINE, PROCESS}
    assert not any(one.step is Step.INTAKE for one in wanted(view))
    assert any(one.step is Step.INTAKE for one in wanted(serving(resources.process())))


def test_a_second_look_is_spared_where_nobody_suffers() -> None:
    assert asked(serving(OK, server.rules(), *LOOKS)) == {MACHINE, PROCESS}
    told = (server.rules(), UNIT, *LOOKS)
    assert asked(serving(CUT, *told)) == {MACHINE, PROCESS, AGAIN, PROCESS_AGAIN}
    assert asked(serving(CUT, *LOOKS)) == {MACHINE, PROCESS}  # the rules are still to be read
