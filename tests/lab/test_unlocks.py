"""Walks of an ordinary user: what it may not see of this machine is named, with what unlocks it."""

import random

import pytest

from layerwalk.lab.faults import ALL
from tests.lab.ordinary import NOBODY
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

DICE = random.Random(17)  # noqa: S311  # a seed makes it repeatable
RULES = "sudo nft -a list ruleset"


@pytest.mark.parametrize(
    ("fault", "cause", "unlock"),
    [
        ("firewall-drop-client-out", "firewall-drop", RULES),
        ("firewall-reject-client-reset", "firewall-reject", RULES),
        ("accept-queue-full-here", "descriptors-exhausted", "sudo layerwalk diagnose"),
    ],
)
def test_what_may_not_be_seen_has_its_unlock(
    fault: str, cause: str, unlock: str, walker: Walker
) -> None:
    scenario = ALL[fault].apply(DICE.choice(ALL[fault].shapes()))
    walked = walker.walk_scenario(scenario, user=NOBODY)
    left = walked.report["verdict"]["not_checked"]
    assert [
        one["unlock"] for one in left if one["id"] == cause and one["unlock"].startswith(unlock)
    ]
    assert all(one["unlock"] for one in left)


def test_a_healthy_walk_says_nothing_of_rules(walker: Walker) -> None:
    fault = ALL["healthy"]
    walked = walker.walk_scenario(fault.apply(DICE.choice(fault.shapes())), user=NOBODY)
    left = {one["id"] for one in walked.report["verdict"]["not_checked"]}
    assert walked.status == 0
    assert left.isdisjoint({"firewall-drop", "firewall-reject", "service-not-running"})
