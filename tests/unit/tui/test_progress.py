import io
import sys

import pytest

from layerwalk.session import events as ev
from layerwalk.session.targets import parse_target
from layerwalk.tui.diagnose import diagnose
from layerwalk.tui.progress import Progress
from layerwalk.tui.requests import Detail, Diagnose
from tests.unit.session.reports import entry, faulty
from tests.unit.tui.walks import playing

DB = (parse_target("db.internal:5432"),)


class Terminal(io.StringIO):
    """Standard error of someone who watches."""

    def isatty(self) -> bool:
        return True


def begun(step: str, title: str) -> ev.StepStarted:
    return ev.StepStarted(
        at_s=0.1, step=step, title=title, layer=4, waits_for="its answer", at_most_s=3.0
    )


def ended(step: str) -> ev.StepEnded:
    return ev.StepEnded(at_s=0.2, step=step, evidence=entry("e1", step, 4, "silent", "nothing"))


def lines(written: str) -> list[str]:
    return [line for line in written.split("\r\x1b[K") if line]


def test_one_line_tells_what_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    terminal = io.StringIO()
    progress = Progress(terminal)
    for event in (begun("syn", "a SYN"), begun("echo", "echoes"), ended("echo"), ended("syn")):
        progress(event)
    first = "[0 done] layer 4: a SYN, waits for its answer, at most 3 s"
    assert lines(terminal.getvalue()) == [
        first,
        "[0 done] layer 4: echoes, waits for its answer, at most 3 s and 1 more",
        first.replace("0 done", "1 done"),
    ]
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_the_line_keeps_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal = io.StringIO()
    Progress(terminal)(begun("syn", "a SYN"))
    assert [len(line) for line in lines(terminal.getvalue())] == [29]


def test_a_terminal_that_goes_away_stops_no_walk() -> None:
    terminal = io.StringIO()
    progress = Progress(terminal)
    terminal.close()
    progress(begun("syn", "a SYN"))
    progress.clear()


def watched(monkeypatch: pytest.MonkeyPatch, detail: Detail = Detail.USUAL) -> str:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    diagnose(Diagnose(targets=DB, detail=detail), playing(faulty()))
    return terminal.getvalue()


def test_who_watches_sees_it_and_then_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = watched(monkeypatch)
    assert r"layer 4: a SYN\x1b[31m, waits for its answer" in seen
    assert seen.endswith("\r\x1b[K")


def test_who_wants_less_sees_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched(monkeypatch, Detail.LITTLE) == ""


@pytest.mark.parametrize("terminal", ["", "dumb"])
def test_a_terminal_that_rewrites_no_line_gets_none(
    monkeypatch: pytest.MonkeyPatch, terminal: str
) -> None:
    monkeypatch.setenv("TERM", terminal)
    assert watched(monkeypatch) == ""
