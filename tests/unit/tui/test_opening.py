import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from layerwalk.probes.facts import Family, Target
from layerwalk.session.events import Event, WalkEnded
from layerwalk.session.report import Report
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui import opening
from layerwalk.tui.opening import open_app
from layerwalk.tui.requests import Open
from layerwalk.tui.walking import Listener, Walking
from tests.unit.session.reports import faulty, healthy
from tests.unit.tui.walks import playing

DB = parse_target("db.internal:5432")
Start = Callable[[Target, Listener], Walking]
Visit = Callable[[Start, Target | None], None]


def walk_once(start: Start, target: Target | None) -> None:
    assert target
    start(target, lambda _event: None).run()


def walk_twice(start: Start, target: Target | None) -> None:
    walk_once(start, target)
    walk_once(start, target)


def leave_early(start: Start, target: Target | None) -> None:
    assert target
    walk = start(target, lambda _event: None)
    walk.stop()
    walk.run()


def look_only(_start: Start, target: Target | None) -> None:
    assert target is None


def shown(monkeypatch: pytest.MonkeyPatch, request: Open, visit: Visit, *reports: Report) -> int:
    """Open an app that a person uses in the given way."""

    class App:
        def __init__(
            self, *, start: Start, target: Target | None, family: Family | None, **_more: object
        ) -> None:
            assert family == request.family
            self._start, self._target = start, target

        def run(self, *, mouse: bool) -> None:
            assert not mouse
            visit(self._start, self._target)

    monkeypatch.setitem(sys.modules, "layerwalk.tui.app", SimpleNamespace(LayerwalkApp=App))
    monkeypatch.setattr(opening, "can_paint", lambda: True)
    return open_app(request, playing(*reports))


@pytest.mark.parametrize(("report", "status"), [(faulty(), 1), (healthy(), 0)], ids=["1", "0"])
def test_the_status_is_the_last_verdicts(
    report: Report, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(monkeypatch, Open(target=DB), walk_once, report) == status
    assert shown(monkeypatch, Open(target=DB), walk_twice, faulty(), report) == status


def test_looking_only_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Open(), look_only) == 0


def test_leaving_early_is_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Open(target=DB), leave_early, faulty()) == 130


def test_the_session_is_saved_at_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    request = Open(target=DB, output=tmp_path / "a.json")
    assert shown(monkeypatch, request, walk_once, faulty()) == 1
    assert json.loads((tmp_path / "a.json").read_bytes())["target"]["host"] == "db.internal"


def test_a_session_that_can_not_be_saved_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Open(target=DB, output=tmp_path / "gone/a.json")
    assert shown(monkeypatch, request, walk_once, faulty()) == 2
    assert capsys.readouterr().err.endswith("not saved: No such file or directory\n")


def test_without_a_walk_there_is_nothing_to_save(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(monkeypatch, Open(output=tmp_path / "a.json"), look_only) == 2
    assert capsys.readouterr().err.endswith("not saved: no walk came to a verdict\n")


def test_a_signal_has_the_app_left(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    class App:
        is_running = True

        def __init__(self, **_settings: object) -> None:
            pass

        def run_action(self, action: str) -> None:
            assert action == "quit"
            asked.set()

        def call_from_thread(self, callback: Callable[[], None]) -> None:
            callback()

        def run(self, **_settings: object) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            assert asked.wait(30)

    monkeypatch.setitem(sys.modules, "layerwalk.tui.app", SimpleNamespace(LayerwalkApp=App))
    monkeypatch.setattr(opening, "can_paint", lambda: True)
    assert open_app(Open(), playing()) == 130


def test_a_terminal_that_fails_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_off(start: Start, target: Target | None) -> None:
        walk_once(start, target)
        raise OSError(5, "Input/output error")

    request = Open(target=DB, output=tmp_path / "a.json")
    assert shown(monkeypatch, request, break_off, faulty()) == 2
    assert capsys.readouterr().err == "layerwalk: the terminal: Input/output error\n"
    assert (tmp_path / "a.json").exists()


def test_a_signal_before_the_app_runs_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    left, looked = threading.Event(), threading.Event()

    class App:
        def __init__(self, **_settings: object) -> None:
            self._running = False

        @property
        def is_running(self) -> bool:
            looked.set()
            return self._running

        def run_action(self, action: str) -> None:
            assert action == "quit"

        def call_from_thread(self, callback: Callable[[], None]) -> None:
            assert self._running
            callback()
            left.set()

        def run(self, **_settings: object) -> None:
            os.kill(os.getpid(), signal.SIGHUP)
            assert looked.wait(30)
            self._running = True
            assert left.wait(30)

    monkeypatch.setitem(sys.modules, "layerwalk.tui.app", SimpleNamespace(LayerwalkApp=App))
    monkeypatch.setattr(opening, "can_paint", lambda: True)
    assert open_app(Open(), playing()) == 130


def test_a_former_walk_has_no_say() -> None:
    former: list[Listener] = []

    walks = playing(healthy(), faulty())

    def begin(target: Target, listen: Listener) -> Walking:
        former.append(listen)
        return walks(target, listen)

    kept = opening.Keepsake(begin)
    heard: list[Event] = []
    kept.start(DB, heard.append).run()
    kept.start(DB, heard.append).run()
    late = WalkEnded(at_s=9.0, reason="interrupted")
    former[0](late)
    assert heard[-1] == late
    assert kept.state.ended == "done"
    assert kept.state.verdict == faulty().verdict


def test_a_terminal_that_shows_no_app_gets_the_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opening, "can_paint", lambda: False)
    assert open_app(Open(target=DB), playing(faulty())) == 1
    assert capsys.readouterr().out.startswith("FAULT: ")


def test_without_a_target_it_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "can_paint", lambda: False)
    with pytest.raises(BadInput, match="layerwalk diagnose TARGET"):
        open_app(Open(), playing())
