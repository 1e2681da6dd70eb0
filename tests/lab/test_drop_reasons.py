"""The kernel's drop reasons in labs whose client has the tracing file system mounted."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Scenario, Shape
from layerwalk.lab.spec import FAMILIES, Family
from layerwalk.probes.drop_reasons.instance import PREFIX
from tests.lab.recorded import Walking
from tests.lab.walks import Walked, Walker

pytestmark = pytest.mark.netns

TRACING = "/sys/kernel/tracing"
CASES = {
    "firewall-drop-client-out": "NETFILTER_DROP",
    "firewall-drop-client-in": "NETFILTER_DROP",
    "conntrack-full": "NETFILTER_DROP",
}


@contextmanager
def traceable(scenario: Scenario) -> Iterator[Lab]:
    """The scenario's lab; the mount is the client's alone, and goes with it."""
    with build(scenario.network) as lab:
        done = lab.run(scenario.client, ["mount", "-t", "tracefs", "nodev", TRACING])
        if done.returncode:
            pytest.skip(f"the tracing file system can't be mounted here: {done.stderr.strip()}")
        yield lab


def instances(lab: Lab) -> list[str]:
    listed = lab.run("client", ["ls", f"{TRACING}/instances"]).stdout.split()
    return [name for name in listed if name.startswith(PREFIX)]


def entry(walked: Walked) -> dict[str, Any]:
    (found,) = [it for it in walked.report["evidence"] if it["probe"] == "drop-reasons"]
    return dict(found)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("fault", CASES)
def test_the_reason_is_told_and_nothing_is_left(fault: str, family: Family, walker: Walker) -> None:
    scenario = ALL[fault].apply(Shape(1, 0, family))
    with traceable(scenario) as lab:
        walked = walker.walk(lab, "client", scenario.target)
        assert not [name for name in instances(lab) if f"_{os.getpid()}_" in name]
    told = entry(walked)
    assert told["status"] == "answered"
    assert CASES[fault] in {it["reason"] for it in told["data"]["reasons"]}
    assert walked.first["id"] == scenario.cause


def test_so_is_that_of_the_reverse_path_filter(walker: Walker) -> None:
    scenario = ALL["reverse-path-filter"].apply(Shape(2, 1))
    with traceable(scenario) as lab:
        walked = walker.walk(lab, "client", scenario.target)
    told = entry(walked)
    assert "IP_RPFILTER" in {it["reason"] for it in told["data"]["reasons"]}
    assert told["id"] in walked.first["evidence"]


def test_where_tracing_is_not_mounted_it_says_so(walker: Walker) -> None:
    scenario = ALL["firewall-drop-client-out"].apply(Shape(1, 0))
    with build(scenario.network) as lab:
        mounted = lab.run("client", ["test", "-e", f"{TRACING}/instances"]).returncode == 0
        if mounted:
            pytest.skip("the tracing file system is mounted on this machine")
        walked = walker.walk(lab, "client", scenario.target)
    assert entry(walked)["status"] == "not_run"
    assert "is not mounted" in entry(walked)["finding"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_the_instance_goes_however_the_walk_ends(number: int, tmp_path: Path) -> None:
    scenario = ALL["firewall-drop-client-out"].apply(Shape(1, 0))
    with traceable(scenario) as lab:
        walking = Walking(lab, "client", ("diagnose", scenario.target), tmp_path)
        mine: list[str] = []

        def standing() -> bool:
            mine[:] = [name for name in instances(lab) if f"_{walking.pid}_" in name]
            return bool(mine)

        walking.until(b'"step":"drop-reasons').until_true(standing)
        walking.end(number)
        gone = ["sh", "-c", f"while test -e {TRACING}/instances/{mine[0]}; do :; done"]
        assert lab.run("client", gone, timeout_s=20).returncode == 0
