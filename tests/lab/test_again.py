"""A walk right after another: what routers have left to say must do, and must be spared."""

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import FAMILIES, Family
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

WALKS = 3


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("rights", [(), ("--unprivileged",)], ids=["root", "unprivileged"])
def test_a_dead_host_is_found_dead_again(
    walker: Walker, family: Family, rights: tuple[str, ...]
) -> None:
    scenario = ALL["host-down"].apply(Shape(2, 3, family))
    with build(scenario.network) as lab:
        told = [
            walker.walk(lab, scenario.client, *rights, scenario.target).first["id"]
            for _ in range(WALKS)
        ]
    assert told == ["host-down"] * WALKS
