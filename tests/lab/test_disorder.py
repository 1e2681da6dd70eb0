"""Faults behind a cable that doubles packets, delays them and lets them overtake each other."""

import pytest

from layerwalk.lab.faults import ALL
from layerwalk.lab.faults.healthy_doubled import disordered
from layerwalk.lab.shapes import Shape
from layerwalk.lab.topology import PORT
from layerwalk.probes.echo import echo
from layerwalk.probes.loss import loss
from tests.lab.client import peer, wired
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

CASES = [
    ("firewall-drop", Shape(4, 2)),
    ("firewall-drop", Shape(3, 2, 6, direction="back")),
    ("firewall-reject-reset", Shape(4, 3, 6)),
    ("firewall-reject", Shape(3, 1)),
    ("path-blackhole", Shape(4, 2, 6)),
    ("port-closed", Shape(3, 4)),
    ("route-missing-on-path", Shape(3, 2)),
    ("host-down", Shape(2, 3)),
]


@pytest.mark.parametrize("args", [(), ("--unprivileged",)], ids=["root", "unprivileged"])
@pytest.mark.parametrize(("name", "shape"), CASES)
def test_the_verdict_is_the_same(
    walker: Walker, name: str, shape: Shape, args: tuple[str, ...]
) -> None:
    scenario = disordered(ALL[name].apply(shape))
    walked = walker.walk_scenario(scenario, *args)
    assert walked.first.get("id") == scenario.cause, walked.report["verdict"]
    assert scenario.place_fits(walked.first["where"]), walked.first


@pytest.mark.parametrize("raw", [True, False], ids=["root", "unprivileged"])
@pytest.mark.parametrize("family", [4, 6])
def test_no_answer_counts_twice(family: int, *, raw: bool) -> None:
    network = disordered(ALL["healthy"].apply(Shape(2, 0))).network
    with wired(network, raw=raw) as (_, ctx):
        to = peer(network, 6 if family == 6 else 4)
        fact = echo(to, ctx)
        assert fact.sent == 3
        assert len(fact.answers) <= 3
        sample = loss(to, PORT, ctx)
        assert all(it.answered <= it.sent for it in sample.tallies)
        assert not sample.matters
