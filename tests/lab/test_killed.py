"""Walks that are killed, hung up on, or told to end: nothing that was gathered is lost."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.demo import demo_network
from layerwalk.lab.shapes import Scenario
from layerwalk.session.journal.recent import recent_sessions
from layerwalk.session.reopened.journals import journal_in
from layerwalk.session.reopened.sessions import reopened
from tests.house.tree import ROOT
from tests.lab.recorded import COMMAND, Terminal, Walking

pytestmark = pytest.mark.netns

MOMENTS = {
    "begun": b'"event":"walk-started"',
    "asking": b'"event":"step-started"',
    "first-evidence": b'"event":"step-ended"',
    "path": b'"path":[{"hop":1,',  # a path is first seen before any hop has answered
    "syn-evidence": b'"probe":"syn"',
    "late": b'"probe":"control"',
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return demo_network()


@pytest.fixture(scope="module")
def lab(scenario: Scenario) -> Iterator[Lab]:
    with build(scenario.network) as made:
        yield made


def report(journal: Path, output: Path) -> bytes:
    """Have ``layerwalk report`` write a journal in another form."""
    done = subprocess.run(
        [*COMMAND, "report", str(journal), "-o", str(output)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return output.read_bytes()


def opened(journal: Path) -> tuple[int, str]:
    """Have ``layerwalk open`` show a journal where there is no terminal."""
    done = subprocess.run(
        [*COMMAND, "open", str(journal)], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_a_killed_walk_had_gathered_is_there(
    moment: str, lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    walking = Walking(lab, scenario.client, ("diagnose", scenario.target), tmp_path)
    walking.until(MOMENTS[moment]).end(signal.SIGKILL)
    events = journal_in(walking.recorded()).events
    kept = json.loads(report(walking.journal, tmp_path / "a.json"))
    assert kept["ended"] == "broken-off"
    assert kept["verdict"]["summary"].startswith("The walk broke off after ")
    ended = [event.evidence.id for event in events if hasattr(event, "evidence")]
    assert [entry["id"] for entry in kept["evidence"]] == ended
    assert b"broke off" in report(walking.journal, tmp_path / "a.md")
    status, text = opened(walking.journal)
    assert status in {1, 3}
    assert "broke off" in " ".join(text.split())
    (recent,) = recent_sessions({"XDG_STATE_HOME": str(tmp_path)})
    assert (recent.outcome, recent.goes_on) == (None, False)


def test_facts_enough_are_a_verdict(lab: Lab, scenario: Scenario, tmp_path: Path) -> None:
    walking = Walking(lab, scenario.client, ("diagnose", scenario.target), tmp_path / "whole")
    assert walking.ended()[0] == 1
    whole = reopened(walking.journal).sessions[0].state
    lines = walking.recorded().splitlines(keepends=True)
    assert lines[-2].startswith(b'{"event":"verdict-reached"')
    (tmp_path / "cut.jsonl").write_bytes(b"".join(lines[:-2]) + lines[-2][:40])
    cut = reopened(tmp_path / "cut.jsonl").sessions[0].state
    assert whole.verdict
    assert cut.verdict
    assert cut.verdict.causes == whole.verdict.causes
    assert cut.verdict.causes[0].id == "firewall-drop"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_walk_with_all_that_it_has(
    number: signal.Signals, lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    output = tmp_path / "a.json"
    words = ("diagnose", "--json", "-o", str(output), scenario.target)
    walking = Walking(lab, scenario.client, words, tmp_path / "state")
    status, out, err = walking.until(MOMENTS["path"]).end(number)
    assert (status, err) == (130, "")
    assert output.read_text() == out
    assert report(walking.journal, tmp_path / "b.json") == output.read_bytes()
    assert json.loads(out)["ended"] == "interrupted"


def test_a_live_walk_writes_the_same_as_its_journal(
    lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    for suffix in ("md", "txt", "json"):
        words = ("diagnose", "-o", str(tmp_path / f"live.{suffix}"), scenario.target)
        walking = Walking(lab, scenario.client, words, tmp_path / suffix)
        assert walking.ended()[0] == 1
        written = report(walking.journal, tmp_path / f"again.{suffix}")
        assert written == (tmp_path / f"live.{suffix}").read_bytes()


def test_several_targets_have_a_journal_each(lab: Lab, scenario: Scenario, tmp_path: Path) -> None:
    words = ("diagnose", "127.0.0.1:1", "127.0.0.1:2")
    walking = Walking(lab, scenario.client, words, tmp_path)
    assert walking.ended()[0] == 1
    found = recent_sessions({"XDG_STATE_HOME": str(tmp_path)})
    assert [it.target for it in found] == ["127.0.0.1:2", "127.0.0.1:1"]


def test_two_walks_at_once_keep_to_themselves(lab: Lab, scenario: Scenario, tmp_path: Path) -> None:
    first = Walking(lab, scenario.client, ("diagnose", scenario.target), tmp_path)
    first.until(MOMENTS["begun"])
    second = Walking(lab, scenario.client, ("diagnose", scenario.target), tmp_path)
    both = tmp_path / "layerwalk"
    second.until_true(lambda: len(list(both.iterdir())) == 2)
    assert {first.ended()[0], second.ended()[0]} == {1}
    sessions = [reopened(path).sessions[0] for path in both.iterdir()]
    assert [it.state.ended for it in sessions] == ["done", "done"]
    assert [it.unreadable for it in sessions] == [0, 0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_app_leaves_at_a_signal_with_all_that_it_has(
    number: signal.Signals, lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    terminal, output = Terminal(), tmp_path / "a.json"
    words = ("-o", str(output), scenario.target)
    walking = Walking(lab, scenario.client, words, tmp_path / "state", **terminal.settings)
    assert walking.until(MOMENTS["path"]).end(number)[0] == 130
    terminal.drop()
    assert terminal.painted.rstrip().endswith(b"\x1b[?1004l")
    assert report(walking.journal, tmp_path / "b.json") == output.read_bytes()


def test_an_app_that_is_killed_leaves_its_session(
    lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    terminal = Terminal()
    walking = Walking(lab, scenario.client, (scenario.target,), tmp_path, **terminal.settings)
    walking.until(MOMENTS["path"]).end(signal.SIGKILL)
    terminal.drop()
    kept = json.loads(report(walking.journal, tmp_path / "a.json"))
    assert kept["ended"] == "broken-off"
    assert kept["path"]


@pytest.mark.parametrize(
    "words",
    [
        ("https://me:opensesame@127.0.0.1:1/?token=opensesame",),
        ("--from-error", "curl: (7) Failed to connect: https://me:opensesame@127.0.0.1:1/ refused"),
    ],
    ids=["target", "error-line"],
)
def test_no_password_gets_in(words: tuple[str, ...], lab: Lab, tmp_path: Path) -> None:
    walking = Walking(lab, "client", ("diagnose", "--json", *words), tmp_path)
    _status, out, err = walking.ended()
    assert b'"host":"127.0.0.1"' in walking.recorded()
    assert "opensesame" not in walking.recorded().decode() + out + err


@pytest.mark.parametrize("words", [(), ("diagnose",)], ids=["app", "headless"])
def test_a_line_that_drops_loses_nothing(
    words: tuple[str, ...], lab: Lab, scenario: Scenario, tmp_path: Path
) -> None:
    terminal, output = Terminal(), tmp_path / "a.json"
    words = (*words, "-o", str(output), scenario.target)
    walking = Walking(lab, scenario.client, words, tmp_path / "state", **terminal.settings)
    walking.until(MOMENTS["path"])
    terminal.drop()
    assert walking.ended()[0] == 130
    kept = json.loads(report(walking.journal, tmp_path / "b.json"))
    assert kept["ended"] == "interrupted"
    assert output.read_bytes() == (tmp_path / "b.json").read_bytes()


def test_hanging_up_twice_does_no_harm(lab: Lab, scenario: Scenario, tmp_path: Path) -> None:
    terminal, output = Terminal(), tmp_path / "a.json"
    words = ("-o", str(output), scenario.target)
    walking = Walking(lab, scenario.client, words, tmp_path / "state", **terminal.settings)
    walking.until(MOMENTS["path"])
    os.kill(walking.pid, signal.SIGHUP)
    os.kill(walking.pid, signal.SIGHUP)
    terminal.drop()
    assert walking.ended()[0] == 130
    assert json.loads(output.read_bytes())["ended"] == "interrupted"
