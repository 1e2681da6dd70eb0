"""Which faults are measured, and where."""

import pytest

from benchmarks.scenes import drawn, middling, named, one_each, scenes
from layerwalk.lab.faults import ALL, FAULTS
from layerwalk.lab.shapes import Shape, on_path


def test_every_cause_has_one_fault() -> None:
    causes = [FAULTS[name].cause for name in one_each()]
    assert sorted(map(str, causes)) == sorted({str(fault.cause) for fault in FAULTS.values()})


def test_the_fault_sits_in_the_middle_of_the_path() -> None:
    assert middling(on_path(), 6, 4) == Shape(4, 2, 6)


def test_the_nearest_length_is_taken() -> None:
    assert middling([Shape(2, 1), Shape(9, 4)], 4, 5) == Shape(2, 1)


def test_each_family_has_a_scene() -> None:
    found = scenes(["host-down"], (4, 6), 3)
    assert [(it.name, it.shape.routers) for it in found] == [
        ("host-down, IPv4", 3),
        ("host-down, IPv6", 3),
    ]


def test_every_cause_can_be_measured_in_the_families_that_it_has() -> None:
    found = scenes(one_each(), (4, 6), 3)
    assert {it.fault.cause for it in found} == {fault.cause for fault in FAULTS.values()}
    assert {it.shape.family for it in found if it.fault.cause == "reverse-path-filter"} == {4}


def test_faults_are_named_in_order() -> None:
    assert named("port-closed,healthy") == ["port-closed", "healthy"]
    assert named("all") == list(ALL)
    with pytest.raises(LookupError, match="no fault nothing"):
        named("healthy,nothing")


def test_the_same_seed_draws_the_same_shapes_and_the_families_take_turns() -> None:
    names = ["host-down", "port-closed", "healthy"]
    found = drawn(names, (4, 6), None, 7, 2)
    assert found == drawn(names, (4, 6), None, 7, 2)
    assert [it.fault.id for it in found] == [name for name in names for _ in range(2)]
    assert {(it.fault.id, it.shape.family) for it in found} == {
        (name, family) for name in names for family in (4, 6)
    }
    alone = [it.shape.family for it in drawn(names, (4, 6), None, 7, 1)]
    assert set(alone) == {4, 6}


def test_only_the_length_that_is_asked_for_is_drawn() -> None:
    assert {it.shape.routers for it in drawn(["healthy"], (4,), 12, 1, 5)} == {12}
