import signal
import subprocess
import sys
from typing import Any

import pytest

from layerwalk.lab.demo import demo_network, titles
from layerwalk.lab.errors import LabError
from layerwalk.lab.shapes import Scenario
from layerwalk.session.targets import BadInput
from layerwalk.tui import demo as command
from layerwalk.tui.demo import demo, walking_command
from layerwalk.tui.requests import Demo, Detail


class Paper:
    """A lab that runs a program of the test's own on this machine instead."""

    def __init__(self, program: str) -> None:
        self.started: list[tuple[str, list[str]]] = []
        self.closed = 0
        self._program = program

    def popen(self, host: str, argv: list[str], **kwargs: Any) -> subprocess.Popen[Any]:
        self.started.append((host, argv))
        return subprocess.Popen([sys.executable, "-c", self._program], **kwargs)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(("ended", "status"), [(0, 0), (1, 0), (3, 0), (2, 2), (130, 130)], ids=str)
def test_a_fault_that_is_found_is_a_success(ended: int, status: int) -> None:
    lab = Paper(f"raise SystemExit({ended})")
    assert demo(Demo(), lambda _scenario: lab) == status
    assert lab.closed == 1


def test_a_walk_that_is_killed_is_an_interruption() -> None:
    lab = Paper("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert demo(Demo(), lambda _scenario: lab) == 130
    assert lab.closed == 1


def test_the_network_is_taken_down_when_nothing_can_be_started() -> None:
    class Barren(Paper):
        def popen(self, host: str, argv: list[str], **_kwargs: Any) -> subprocess.Popen[Any]:
            raise OSError(host, argv)

    lab = Barren("")
    with pytest.raises(OSError, match="client"):
        demo(Demo(), lambda _scenario: lab)
    assert lab.closed == 1


def test_what_is_broken_is_told_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    title = titles()["port-closed"]
    demo(Demo(fault="port-closed"), lambda _scenario: Paper(""))
    before, after = capsys.readouterr().out.splitlines()
    assert before.startswith("Building a small broken network on this machine (4 routers, fault: ")
    assert title not in before
    assert title in after


def test_who_wants_more_is_told_before(capsys: pytest.CaptureFixture[str]) -> None:
    demo(Demo(fault="port-closed", detail=Detail.ALL), lambda _scenario: Paper(""))
    assert titles()["port-closed"] in capsys.readouterr().out.splitlines()[0]


def test_the_walk_is_made_by_the_client() -> None:
    lab = Paper("")
    scenario = demo_network("name-not-found-family")
    demo(Demo(fault="name-not-found-family", detail=Detail.LITTLE), lambda _scenario: lab)
    ((where, words),) = lab.started
    assert where == scenario.client
    assert words[1:5] == ["-P", "-m", "layerwalk", "diagnose"]
    assert words[-1] == scenario.target
    assert set(scenario.args) <= set(words)


def test_the_app_is_opened_where_it_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "can_paint", lambda: True)
    assert "diagnose" not in walking_command(demo_network())
    assert "diagnose" in walking_command(demo_network(), Detail.ALL)
    monkeypatch.setattr(command, "can_paint", lambda: False)
    assert "diagnose" in walking_command(demo_network())


def test_who_wants_to_see_it_without_rights_does() -> None:
    assert "--unprivileged" not in walking_command(demo_network())
    assert "--unprivileged" in walking_command(demo_network(), unprivileged=True)
    lab = Paper("")
    demo(Demo(unprivileged=True), lambda _scenario: lab)
    assert "--unprivileged" in lab.started[0][1]


def test_the_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo(Demo(listing=True)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(titles())


@pytest.mark.parametrize(
    ("fault", "hint"), [("port-close", "did you mean port-closed"), ("?", "--list names them")]
)
def test_an_unknown_fault_is_refused(fault: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        demo(Demo(fault=fault))


def test_a_machine_that_allows_no_network_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    def refused(_scenario: Scenario) -> Paper:
        raise LabError("root may")

    assert demo(Demo(), refused) == 2
    assert capsys.readouterr().err == "layerwalk: the network can't be built here: root may\n"


OBEDIENT = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.{name}}})
print("up", flush=True)
signal.sigwait({{signal.{name}}})
sys.exit(130)
"""
SENDER = """
import signal, subprocess, sys
from layerwalk.tui.demo import demo
from layerwalk.tui.requests import Demo

class Paper:
    def popen(self, host, argv, **kwargs):
        return subprocess.Popen([sys.executable, "-c", sys.argv[1]], **kwargs)

    def close(self):
        print("down", flush=True)

sys.exit(demo(Demo(), lambda _scenario: Paper()))
"""


@pytest.mark.parametrize("number", sorted(command.FORWARDED), ids=lambda it: it.name)
def test_a_signal_goes_to_the_walk_and_the_network_comes_down(number: signal.Signals) -> None:
    program = [sys.executable, "-c", SENDER, OBEDIENT.format(name=number.name)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("Building")
        assert running.stdout.readline() == "up\n"
        running.send_signal(number)
        lines = running.stdout.read().splitlines()
        assert running.wait(30) == 130
    assert lines[0] == "down"


@pytest.mark.netns
def test_the_demo_builds_walks_and_tells() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "layerwalk", "demo", "port-closed"],
        capture_output=True,
        check=False,
        text=True,
        timeout=100,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "[port-closed]" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("The network is taken down")
