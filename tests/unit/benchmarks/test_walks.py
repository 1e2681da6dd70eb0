"""What counts as told right, and what a reader is told of a walk."""

from benchmarks.processes import Ended
from benchmarks.walks import Walked, remarks
from layerwalk.lab.shapes import Scenario, Shape, base

WHERE = {"kind": "host", "after": {"hop": 1, "address": "192.0.2.1"}}
SCENARIO = Scenario(base(Shape(1, 1)), "192.0.2.9:80", "host-down", WHERE)
HEALTHY = Scenario(base(Shape(1, 1)), "192.0.2.9:80", None)
STEP = {"probe": "trace", "started": 0.25, "seconds": 6.5}


def ended(scenario: Scenario, *causes: dict[str, object], seconds: float = 1.0) -> Walked:
    verdict = {"outcome": "fault" if causes else "healthy", "causes": causes}
    report = {"verdict": verdict, "seconds": seconds, "evidence": [STEP]}
    return Walked(Ended(0, seconds, 50.0, "", ""), report, scenario)


def test_cause_and_place_must_both_be_true() -> None:
    assert ended(SCENARIO, {"id": "host-down", "where": WHERE}).is_right
    assert not ended(SCENARIO, {"id": "host-down", "where": {"kind": "path"}}).is_right
    assert not ended(SCENARIO, {"id": "port-closed", "where": WHERE}).is_right


def test_nothing_wrong_is_told_as_healthy() -> None:
    assert ended(HEALTHY).is_right
    assert not ended(HEALTHY, {"id": "host-down", "where": WHERE}).is_right


def test_a_walk_that_broke_off_is_wrong() -> None:
    broken = Walked(Ended(3, 0.5, 50.0, "", "a defect\n"), {}, SCENARIO)
    assert not broken.is_right
    assert (broken.seconds, broken.said) == (0.5, "exit 3: a defect")


def test_wrong_and_slow_walks_are_remarked_on() -> None:
    right = ended(HEALTHY)
    wrong = ended(SCENARIO, {"id": "port-closed", "where": WHERE}, seconds=6.8)
    assert remarks("it", [right]) == []
    assert remarks("it", [right, wrong]) == [
        "it: 1 x wrong, told port-closed",
        "it: a walk of 6.8 s; its longest steps: trace 6.50 s from 0.25 s",
    ]
