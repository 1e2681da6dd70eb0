"""Services that are short of something for real, on loopback: control groups, limits, disks.

What this machine may not have (groups of the second version, pressure, a saturated disk, a machine
that is out of memory as a whole) is tested on recorded files and invented looks instead.
"""

import json
import os
import resource
import subprocess
import sys

import pytest

from tests.lab.strained import group, service
from tests.lab.walks import Walked

pytestmark = pytest.mark.netns

OWN = pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
SCANT, SOME = 2_000, 50_000
"""Microseconds of processor time in a tenth of a second."""

MIB = 1 << 20


def walked(*argv: str) -> Walked:
    """Run the command line on this machine: everything stays on loopback."""
    done = subprocess.run(
        [sys.executable, "-m", "layerwalk", "diagnose", "--json", *argv],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Walked(done.returncode, json.loads(done.stdout), done.stderr)


def served(target: str, *argv: str) -> Walked:
    return walked("--role", "server", *argv, target)


def verdict(found: Walked) -> tuple[str, str | None, str | None]:
    first = found.first
    return found.report["verdict"]["outcome"], first.get("id"), first.get("confidence")


def rests(found: Walked) -> set[str]:
    return {one["id"] for one in found.report["verdict"]["not_checked"]}


@OWN
def test_a_service_that_its_group_gives_no_time_is_late(host: str) -> None:
    with group("cpu", cpu__cfs_quota_us=SCANT) as box, service(host, "burns", "0.1", box) as it:
        found = served(f"http://{it[1]}/", "--timeout", "1")
    assert verdict(found) == ("fault", "cpu-saturated", "certain")
    assert "the quota of" in found.report["verdict"]["summary"]
    assert found.first["where"] == {"kind": "local", "process": "python3", "pid": it[0]}


@OWN
def test_a_service_whose_group_is_stopped_now_and_then_is_in_time(host: str) -> None:
    with group("cpu", cpu__cfs_quota_us=SOME) as box, service(host, "burns", "0.1", box) as it:
        found = served(f"http://{it[1]}/", "--timeout", "20")
    assert verdict(found) == ("healthy", None, None)


@OWN
def test_a_worker_that_is_killed_for_memory_breaks_the_connection_off(host: str) -> None:
    limit = {"memory__limit_in_bytes": 48 * MIB}
    with group("memory", **limit) as box, service(host, "grows", "120", box) as it:
        found = served(f"http://{it[1]}/")
    assert verdict(found) == ("fault", "memory-exhausted", "certain")
    assert "killed a process of the group" in found.report["verdict"]["summary"]


@OWN
def test_a_worker_that_fits_is_served(host: str) -> None:
    limit = {"memory__limit_in_bytes": 400 * MIB}
    with group("memory", **limit) as box, service(host, "grows", "60", box) as it:
        found = served(f"http://{it[1]}/")
    assert verdict(found) == ("healthy", None, None)


@OWN
def test_a_group_at_its_limit_of_tasks_forks_nothing(host: str) -> None:
    with group("pids", pids__max=1) as box, service(host, "forks", group=box) as it:
        found = served(f"http://{it[1]}/")
    assert verdict(found)[:2] == ("fault", "processes-exhausted")
    assert str(it[0]) in found.report["verdict"]["summary"]


@OWN
def test_a_group_below_its_limit_of_tasks_is_served(host: str) -> None:
    with group("pids", pids__max=20) as box, service(host, "forks", group=box) as it:
        found = served(f"http://{it[1]}/")
    assert verdict(found) == ("healthy", None, None)


@OWN
def test_a_client_that_is_named_can_open_no_socket_at_its_limit(host: str) -> None:
    with service(host, "serves") as target, service(host, "serves") as client:
        resource.prlimit(client[0], resource.RLIMIT_NOFILE, (4, 4))  # of three and a listener
        roomy = walked("--pid", str(target[0]), target[1])
        full = walked("--pid", str(client[0]), target[1])
    assert verdict(roomy) == ("healthy", None, None)
    assert verdict(full) == ("fault", "descriptors-exhausted", "certain")
    assert "all the 4 files" in full.report["verdict"]["summary"]
    assert full.first["recommendations"][0]["on"] == "client"


@OWN
def test_where_the_walk_itself_is_given_no_time_it_says_so(host: str) -> None:
    with (
        group("cpu", cpu__cfs_quota_us=SOME) as box,
        service(host, "serves") as it,
    ):
        done = subprocess.run(
            [sys.executable, "-m", "layerwalk", "diagnose", "--json", it[1]],
            preexec_fn=lambda: (box / "cgroup.procs").write_text(str(os.getpid())),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    report = json.loads(done.stdout)
    looks = [one["data"] for one in report["evidence"] if one["probe"] == "machine"]
    assert looks[0]["sample"]["confines"]["cpu"][0]["processors"] == 0.5


@OWN
def test_whose_process_it_is_takes_a_right_that_is_named(host: str) -> None:
    limit = {"pids__max": 1}
    with group("pids", **limit) as box, service(host, "forks", group=box) as it:
        found = served(f"http://{it[1]}/", "--unprivileged")
    assert found.first.get("id") is None
    open_now = {one["id"]: one for one in found.report["verdict"]["not_checked"]}
    assert {"descriptors-exhausted", "processes-exhausted", "disk-exhausted"} <= set(open_now)
    assert open_now["processes-exhausted"]["unlock"].startswith(
        "sudo layerwalk diagnose --role server"
    )
