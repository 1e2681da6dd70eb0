"""What the walk reads of a live process's environment, and what it never shows."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.topology import PORT, line
from tests.lab.walks import Walked, Walker

pytestmark = pytest.mark.netns

WAITS = "import sys; print('ready', flush=True); sys.stdin.read()"
SETTINGS = {
    "http_proxy": "http://mallory:hunter2@proxy.kingfisher.test:3128",
    "no_proxy": ".heron.test,localhost",
    "PGCONNECT_TIMEOUT": "3",
    "SECRET": "hunter2",
}


@pytest.fixture
def lab() -> Iterator[Lab]:
    with build(line(0)) as found:
        yield found


@pytest.fixture
def program(lab: Lab) -> "Iterator[subprocess.Popen[str]]":
    with lab.popen(
        "client",
        [sys.executable, "-c", WAITS],
        env=SETTINGS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        process.communicate()


def target() -> str:
    return f"{line(0).address('server')}:{PORT}"


def told(walked: Walked) -> dict[str, object]:
    return next(it for it in walked.report["evidence"] if it["probe"] == "environment")


def test_proxies_are_told_and_passwords_are_not(
    lab: Lab, program: "subprocess.Popen[str]", walker: Walker
) -> None:
    walked = walker.walk(lab, "client", "--pid", str(program.pid), target())
    assert told(walked)["finding"] == (
        f"proxies of process {program.pid}: http_proxy is proxy.kingfisher.test:3128, not for "
        ".heron.test, localhost; PGCONNECT_TIMEOUT is 3"
    )
    assert walked.report["verdict"]["outcome"] == "healthy"
    assert "hunter2" not in json.dumps(walked.report)
    assert "mallory" not in json.dumps(walked.report)


def test_names_of_proxies_are_redacted(
    lab: Lab, program: "subprocess.Popen[str]", walker: Walker
) -> None:
    walked = walker.walk(lab, "client", "--redact", "--pid", str(program.pid), target())
    text = json.dumps(walked.report)
    assert "http_proxy is " in str(told(walked)["finding"])
    assert not [name for name in ("kingfisher", "heron") if name in text]


def test_without_rights_it_is_named_as_open(
    lab: Lab, program: "subprocess.Popen[str]", walker: Walker
) -> None:
    walked = walker.walk(lab, "client", "--unprivileged", "--pid", str(program.pid), target())
    assert told(walked)["status"] == "not_permitted"
    (left,) = (
        it for it in walked.report["verdict"]["not_checked"] if it["id"] == "proxy-misrouted"
    )
    assert left["unlock"].startswith("sudo layerwalk diagnose")
