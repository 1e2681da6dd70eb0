"""Every fault of the lab is told right, and every healthy look-alike is left in peace.

A sample by pairs of path length, place, direction, family and port; with ``--matrix``, all shapes.
"""

from collections.abc import Callable

import pytest

from layerwalk.lab.faults import ALL
from layerwalk.lab.sample import everything, pairwise
from layerwalk.lab.shapes import Shape
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

SEED = 7
MOST = 200
STATUS = {"fault": 1, "healthy": 0, "inconclusive": 3}

Record = Callable[[str, object], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the labs."""
    whole = metafunc.config.getoption("--matrix")
    chosen = list(everything()) if whole else pairwise(seed=SEED, limit=MOST)
    labs = [(fault.id, shape) for fault, shape in chosen]
    metafunc.parametrize(("fault", "shape"), labs, ids=[name(*lab) for lab in labs])


def name(fault: str, shape: Shape) -> str:
    """Name a lab by its shape: ``firewall-drop-r4h2v6p443back``."""
    place = f"r{shape.routers}h{shape.hop}"
    return f"{fault}-{place}v{shape.family}p{shape.port}{shape.direction}"


def test_fault_is_told(fault: str, shape: Shape, walker: Walker, record_property: Record) -> None:
    """The first cause and its place are the true ones; a healthy network has none."""
    record_property("fault", fault)
    scenario = ALL[fault].apply(shape)
    walked = walker.walk_scenario(scenario)
    verdict = walked.report["verdict"]
    said = (verdict["outcome"], walked.first.get("id"), verdict["summary"])
    assert said[:2] == ("fault" if scenario.cause else "healthy", scenario.cause), said
    assert walked.status == STATUS[verdict["outcome"]]
    if scenario.cause:
        where = walked.first["where"]
        assert scenario.place_fits(where), f"{where} instead of {dict(scenario.where)}"
        assert walked.first["relation"] == "explains"
        assert walked.first["recommendations"]
    named = {one["id"] for one in verdict["causes"]}
    assert named >= {*scenario.also}, f"{named} without {scenario.also}"
