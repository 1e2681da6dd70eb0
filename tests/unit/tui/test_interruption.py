"""Signals, sent to a process of its own whose walk waits until it is told to stop."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PROGRAM = """
import sys, threading
from pathlib import Path
from layerwalk.session.targets import parse_target
from layerwalk.tui.diagnose import diagnose
from layerwalk.tui.requests import Diagnose
from tests.unit.session.reports import faulty
from tests.unit.tui.walks import playing

mode, output = sys.argv[1:]
walks = []

def begin(target, listen):
    walks.append(playing(faulty(), on_run=wait)(target, listen))
    return walks[-1]

def wait():
    print("walking", file=sys.stderr, flush=True)
    walks[-1].stopped.wait(60)
    if mode == "deaf":
        print("stopped", file=sys.stderr, flush=True)
        threading.Event().wait(60)

targets = (parse_target("db:5432"), parse_target("other:80"))
sys.exit(diagnose(Diagnose(targets=targets, json=True, output=Path(output)), begin))
"""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def started(mode: str, output: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, mode, str(output)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def heard(program: subprocess.Popen[str]) -> str:
    assert program.stderr is not None
    return program.stderr.readline()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda it: it.name)
def test_a_signal_ends_the_walk_with_what_there_is(number: signal.Signals, tmp_path: Path) -> None:
    with started("obedient", tmp_path / "a.json") as program:
        assert heard(program) == "walking\n"
        program.send_signal(number)
        out, err = program.communicate(timeout=30)
    assert program.returncode == 130
    assert err == ""
    assert [it["target"]["host"] for it in json.loads(out)] == ["db"]
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == out


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with started("deaf", tmp_path / "a.json") as program:
        assert heard(program) == "walking\n"
        program.send_signal(signal.SIGINT)
        assert heard(program) == "stopped\n"
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
    assert (program.returncode, out, err) == (130, "", "")
    assert not (tmp_path / "a.json").exists()


def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)" + PROGRAM
    with subprocess.Popen(
        [sys.executable, "-c", ignoring, "obedient", str(tmp_path / "a.json")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as program:
        assert heard(program) == "walking\n"
        program.send_signal(signal.SIGHUP)
        program.send_signal(signal.SIGTERM)
        out, _ = program.communicate(timeout=30)
    assert program.returncode == 130
    assert json.loads(out)
