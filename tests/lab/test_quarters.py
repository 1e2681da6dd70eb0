"""Walks as another process does: in its network, with its files, from outside of both."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from layerwalk.lab.build import build
from layerwalk.lab.faults import ALL
from layerwalk.lab.shapes import Scenario, Shape, base
from layerwalk.probes.quarters import quarters_of
from tests.lab.ordinary import NOBODY
from tests.lab.walks import Walked, Walker

pytestmark = pytest.mark.netns

SHAPE = Shape(2, 0)
LAYERWALK = (sys.executable, "-P", "-m", "layerwalk", "diagnose")
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
ROOTLESS = ("unshare", "--user", "--map-root-user", "--net", "--")
LISTENS = """
import socket, subprocess, sys
subprocess.run(["ip", "link", "set", "dev", "lo", "up"], check=True)
listener = socket.create_server(("127.0.0.1", 5432))
print("ready", flush=True)
sys.stdin.read()
"""
FAULTS = (
    "firewall-drop-client-out",
    "firewall-reject-client-reset",
    "gateway-unreachable",
    "no-route",
    "name-not-found",
    "name-not-found-nsswitch",
    "healthy-hosts-file-last",
    "link-down",
    "port-closed",
    "path-blackhole",
)
OWN = Path("/proc/thread-self/ns/net")
DICE = random.Random(5)  # noqa: S311  # a seed makes it repeatable


def from_outside(scenario: Scenario, walker: Walker, *args: str) -> Walked:
    """Walk as the client's process does, beginning in the name server's network and files."""
    with build(scenario.network) as lab:
        words = (*scenario.args, *args, "--pid", str(lab.pid("client")), scenario.target)
        return walker.walk(lab, "dns", *words)


@pytest.mark.parametrize("args", [(), ("--unprivileged",)], ids=["root", "unprivileged"])
def test_names_and_routes_are_those_of_the_process(args: tuple[str, ...], walker: Walker) -> None:
    walked = from_outside(Scenario(base(SHAPE), "server.lab.test:5432", None), walker, "-4", *args)
    assert walked.status == 0
    assert walked.report["target"]["addresses"] == ["203.0.113.10"]
    found = {it["probe"]: it for it in walked.report["evidence"]}
    assert found["route"]["finding"].endswith("dev eth0 src 198.51.100.10")
    assert found["resolve"]["data"]["nameservers"][0]["server"] == "198.51.100.53"
    assert found["resolve"]["data"]["nsswitch_file"].startswith("/proc/")
    origin = walked.report["origin"]
    assert origin["network"].startswith("net:[")
    assert found["route"]["command"].startswith(f"nsenter -t {origin['pid']} -n ip route get ")


@pytest.mark.parametrize("fault", FAULTS)
def test_its_faults_are_told_from_outside(fault: str, walker: Walker) -> None:
    """What is read and not sent, too: rules, tables, counters, interfaces."""
    scenario = ALL[fault].apply(DICE.choice(ALL[fault].shapes()))
    walked = from_outside(scenario, walker)
    assert walked.first.get("id") == scenario.cause, walked.report["verdict"]["summary"]
    assert scenario.place_fits(walked.first.get("where", {}))


def test_its_hosts_file_is_named_as_it_is_seen_from_here(walker: Walker) -> None:
    fault = ALL["hosts-file-override"]
    scenario = fault.apply(fault.shapes()[0])
    walked = from_outside(scenario, walker)
    pid = walked.report["origin"]["pid"]
    assert walked.first["id"] == "hosts-file-override"
    below = Path("/proc", str(pid), "root")
    assert walked.first["where"]["file"] == str(below / "etc" / "hosts")


def test_a_source_is_one_of_its_own(walker: Walker) -> None:
    scenario = Scenario(base(SHAPE), "203.0.113.10:5432", None, args=("--source", "198.51.100.10"))
    assert from_outside(scenario, walker).status == 0
    outside = Scenario(base(SHAPE), "203.0.113.10:5432", None, args=("--source", "198.51.100.53"))
    with pytest.raises(AssertionError, match=r"198\.51\.100\.53 is no address of process"):
        from_outside(outside, walker)


def test_whoever_visits_stays_where_it_was() -> None:
    with build(base(SHAPE)) as lab:
        before = OWN.stat()
        there = quarters_of(lab.pid("client"))
        inside = there.within(OWN.stat)
        assert inside != before
        assert inside.st_ino == int(there.label.strip("net:[]"))
        assert there.hostname == "client"
        assert OWN.stat() == before


def test_an_ordinary_user_may_name_a_neighbour_of_its_own(walker: Walker) -> None:
    """It has the same network, and nothing is to be entered."""
    with build(base(SHAPE)) as lab:
        waiting = lab.popen("client", [*AS_NOBODY, "sleep", "60"])
        try:
            target = ("--pid", str(waiting.pid), "203.0.113.10:5432")
            walked = walker.walk(lab, "client", *target, user=NOBODY)
            with pytest.raises(AssertionError, match="may not enter that process's network"):
                walker.walk(lab, "client", "--pid", str(lab.pid("server")), "x:1", user=NOBODY)
        finally:
            waiting.kill()
            waiting.wait()
    assert walked.status == 0
    assert walked.report["origin"]["network"] == ""


@contextmanager
def rootless() -> Iterator[int]:
    """A container as an ordinary user has it, with a listener on its loopback interface."""
    with subprocess.Popen(
        [*AS_NOBODY, *ROOTLESS, sys.executable, "-c", LISTENS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
    ) as process:
        assert process.stdout
        if process.stdout.readline() != b"ready\n":
            pytest.skip("nobody may not run this Python, or may make no user namespace")
        yield process.pid
        process.communicate()


def outside(words: Sequence[str], home: Path) -> "subprocess.CompletedProcess[str]":
    home.chmod(0o777)
    return subprocess.run(
        [*words, "127.0.0.1:5432"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "XDG_STATE_HOME": str(home)},
    )


def test_root_may_enter_a_rootless_container(tmp_path: Path) -> None:
    with rootless() as pid:
        there = outside(["unshare", "--net", "--", *LAYERWALK, "--pid", str(pid)], tmp_path)
        here = outside(["unshare", "--net", "--", *LAYERWALK], tmp_path)
    assert "takes connections" in there.stdout, there.stderr
    assert "takes connections" not in here.stdout


def test_its_owner_is_shown_the_way_in(tmp_path: Path) -> None:
    """setns(2) takes a right that an ordinary user has only behind nsenter."""
    with rootless() as pid:
        refused = outside([*AS_NOBODY, *LAYERWALK, "--pid", str(pid)], tmp_path)
        assert (refused.returncode, refused.stdout) == (2, "")
        mend = f"nsenter --user --net --preserve-credentials -t {pid}"
        assert refused.stderr.endswith(f"behind {mend}\n")
        assert len(refused.stderr.splitlines()) == 1
        inside = outside([*AS_NOBODY, *mend.split(), *LAYERWALK, "--pid", str(pid)], tmp_path)
    assert "takes connections" in inside.stdout, inside.stderr
