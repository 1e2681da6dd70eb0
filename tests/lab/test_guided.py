"""Guided walks in labs: the same verdict as by itself, whatever way the person took to it."""

from typing import Any

import pytest

from layerwalk.diagnosis.tree import Step
from layerwalk.lab.build import Lab, build
from layerwalk.lab.faults import ALL
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.serving import SERVER
from layerwalk.lab.shapes import Scenario, Shape
from layerwalk.lab.topology import line
from layerwalk.session.guided.costs import cost_of
from layerwalk.session.guided.offers import QUESTION_LAYER
from tests.lab.person import guided

pytestmark = pytest.mark.netns

SHAPE = Shape(routers=2, hop=1, family=4, port=5432, direction="out")
FAULTS = (
    "firewall-drop",
    "port-closed",
    "path-blackhole",
    "gateway-unreachable",
    "host-down",
    "name-not-found",
    "healthy",
    "listens-elsewhere-by-port",
    "accept-queue-full-here",
)
WALKS: dict[str, dict[str, Any]] = {
    "guided": {},
    "by itself at last": {"decides": {"timers": "auto", "listeners": "auto"}},
    "guided at last": {"auto": True, "then": {"links": "guided"}},
}


def scenario(fault: str) -> Scenario:
    return ALL[fault].apply(SHAPE)


def told(walked: dict[str, Any]) -> list[object]:
    """What a verdict says: outcome, and each cause with its place and how sure it is."""
    verdict = walked["report"]["verdict"]
    parts = ("id", "relation", "confidence", "where")
    told = [[it[part] for part in parts] for it in verdict["causes"]]
    for *_, where in told:
        where.pop("pid", None)  # each lab's processes have their own
    return [verdict["outcome"], *told]


def walked(lab: Lab, at: Scenario, **script: Any) -> dict[str, Any]:
    role = "server" if at.client == SERVER else "client"
    return guided(lab, at.client, target=at.target, role=role, **script)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_way_to_walk_ends_in_the_same_verdict(fault: str) -> None:
    at = scenario(fault)
    with build(at.network) as lab:
        alone = walked(lab, at, auto=True)
    others = {}
    for way, script in WALKS.items():  # each in a lab anew: routers remember whom they looked for
        with build(at.network) as lab:
            others[way] = walked(lab, at, **script)
    assert {name: told(it) for name, it in others.items()} == dict.fromkeys(WALKS, told(alone))
    assert alone["offered"] == []
    assert [it["modes"] for it in others.values()] == [[True], [True, False], [True]]
    for walk in others.values():
        assert len(walk["offered"]) == len(set(walk["offered"]))


def test_a_person_who_skips_everything_is_told_that_nothing_is_known() -> None:
    at = scenario("firewall-drop")
    with build(at.network) as lab:
        skipped = walked(lab, at, **{"else": "skip"}, count=True)
    assert told(skipped) == ["inconclusive"]
    assert skipped["costs"] == {}
    evidence = skipped["report"]["evidence"]
    own = {"conntrack", "kernel-counts"}  # read besides, and no step of the walk
    assert {entry["status"] for entry in evidence if entry["probe"] not in own} == {"not_run"}


def test_answers_turn_round_what_could_not_be_told_apart() -> None:
    at = scenario("path-blackhole")
    with build(at.network) as lab:
        answered = walked(lab, at, decides={"since-when": "rules-changed"})
    verdict = answered["report"]["verdict"]
    assert [cause["id"] for cause in verdict["causes"][:2]] == ["firewall-drop", "path-blackhole"]
    said = [
        entry for entry in answered["report"]["evidence"] if entry["status"] == "answered_by_person"
    ]
    assert [entry["id"] for entry in said] == verdict["causes"][0]["evidence"][-1:]
    assert said[0]["layer"] == QUESTION_LAYER


@pytest.mark.parametrize("unprivileged", [False, True])
def test_no_step_sends_more_than_its_offer_says(*, unprivileged: bool) -> None:
    hidden = ruleset(input=["tcp dport 5432 drop", "icmp type echo-request drop"])
    network = line(3).with_host("server", firewall=hidden)
    target = f"{network.address('server', 4)}:5432"
    with build(network) as lab:
        counted = guided(lab, "client", target=target, count=True, unprivileged=unprivileged)[
            "costs"
        ]
    measured = {step: packets for step, (packets, _) in counted.items()}
    assert {"echo", "syn", "trace", "control"} <= set(measured)
    costs = {step: cost_of(step, raw=not unprivileged) for step in Step}
    # The kernel's own neighbour discovery may fall into any step.
    most = {str(step): max(cost.packets[1], 2) for step, cost in costs.items()}
    assert {step: sent for step, sent in measured.items() if sent > most[step]} == {}
