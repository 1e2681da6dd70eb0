"""Every fault of the lab is told to an ordinary user, too, as far as the kernel gives enough.

The walk runs as user nobody without any capability, or as root with ``--unprivileged``; ping
sockets are closed to it (the kernel's default) or open (systemd's). A sample has one fault of each
cause, those of the table and some of the others; with ``--matrix``, all shapes.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from layerwalk.lab.faults import ALL
from layerwalk.lab.sample import everything
from layerwalk.lab.shapes import Fault, Scenario, Shape
from tests.lab.ordinary import LESS, NOBODY, expected
from tests.lab.test_faults import name
from tests.lab.walks import Walked, Walker

pytestmark = pytest.mark.netns

SEED = 11
OTHERS = 8
PING_SOCKETS = ("net.ipv4.ping_group_range", "0 2147483647")


@dataclass(frozen=True)
class Mode:
    """How rights are missing: another user, or root who does without; ping sockets open or not."""

    user: int
    args: tuple[str, ...]
    ping_sockets: bool

    def __str__(self) -> str:
        who = "nobody" if self.user else "unprivileged"
        return f"{who}-{'sockets' if self.ping_sockets else 'ping'}"


MODES = tuple(
    Mode(user, args, ping_sockets)
    for user, args in ((NOBODY, ()), (0, ("--unprivileged",)))
    for ping_sockets in (False, True)
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the labs, and how rights are missing in each."""
    if "shape" not in metafunc.fixturenames:
        return
    dice = random.Random(SEED)  # noqa: S311  # a seed makes it repeatable
    whole = metafunc.config.getoption("--matrix")
    chosen = everything() if whole else sample(dice)
    labs = [(fault.id, shape, dice.choice(MODES)) for fault, shape in chosen]
    ids = [f"{name(fault, shape)}-{mode}" for fault, shape, mode in labs]
    metafunc.parametrize(("fault", "shape", "mode"), labs, ids=ids)


def sample(dice: random.Random) -> Iterator[tuple[Fault, Shape]]:
    """Give a shape of each fault of the table, of one for each cause, and of some others."""
    by_cause = {it.cause: it.id for it in dice.sample(list(ALL.values()), len(ALL))}
    others = dice.sample(sorted(set(ALL) - set(LESS) - set(by_cause.values())), OTHERS)
    for fault in ALL.values():
        if fault.id in {*LESS, *by_cause.values(), *others}:
            yield fault, dice.choice(fault.shapes())


def walked(scenario: Scenario, mode: Mode, walker: Walker) -> Walked:
    client = scenario.network.host(scenario.client)
    if mode.ping_sockets:
        changed = (*client.sysctls, PING_SOCKETS)
        network = scenario.network.with_host(client.name, sysctls=changed)
        scenario = replace(scenario, network=network)
    return walker.walk_scenario(scenario, *mode.args, user=mode.user)


def test_fault_is_told_without_rights(
    fault: str,
    shape: Shape,
    mode: Mode,
    walker: Walker,
    record_property: Callable[[str, object], None],
) -> None:
    """The first cause is the true one, or none where the table says so; never a false one."""
    record_property("fault", f"{fault} (ordinary user)")
    scenario = expected(fault, ALL[fault].apply(shape))
    found = walked(scenario, mode, walker)
    verdict = found.report["verdict"]
    said = (verdict["outcome"], found.first.get("id"), verdict["summary"])
    allowed = {scenario.cause, *(LESS[fault].also if fault in LESS else ())}
    assert found.report["host"]["privileges"] == {"raw": False, "admin": False}
    assert found.first.get("id") in allowed, said
    if fault in LESS and LESS[fault].barred and verdict["outcome"] == "inconclusive":
        assert "nothing is sent without its mark" in verdict["summary"]
    elif found.first.get("id") == scenario.cause:
        assert verdict["outcome"] == ("fault" if scenario.cause else "healthy"), said
        assert scenario.place_fits(found.first.get("where", {})), (said, dict(scenario.where))
    assert [it for it in verdict["not_checked"] if not it["unlock"]] == []


def test_the_table_names_only_faults_that_there_are() -> None:
    assert set(LESS) <= set(ALL)
    assert all(less.why and (less.untold or less.also) for less in LESS.values())
