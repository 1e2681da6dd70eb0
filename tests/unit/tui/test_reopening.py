"""``layerwalk open``: the app on a saved session, or its text where there is no screen for it."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from layerwalk.session import events as ev
from layerwalk.session.json_form import to_json
from layerwalk.session.report import Report
from layerwalk.session.targets import BadInput
from layerwalk.tui import reopening
from layerwalk.tui.cli import main
from layerwalk.tui.reopening import open_saved
from layerwalk.tui.requests import OpenSaved
from tests.unit.session.reports import faulty, healthy
from tests.unit.session.test_state import JOURNAL
from tests.unit.tui.walks import playing

Captured = pytest.CaptureFixture[str]


def saved(tmp_path: Path, whole: Report | tuple[Report, ...]) -> str:
    path = tmp_path / "a.json"
    path.write_bytes(to_json(whole))
    return str(path)


@pytest.mark.parametrize(
    ("whole", "status"),
    [(faulty(), 1), (healthy(), 0), ((healthy(), faulty()), 1)],
    ids=["fault", "ok", "two"],
)
def test_without_a_screen_it_is_text(
    whole: Report | tuple[Report, ...], status: int, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["open", saved(tmp_path, whole)]) == status
    assert "db.internal" in capsys.readouterr().out


def test_the_most_recent_session_is_the_default(capsys: Captured) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"]) / "layerwalk"
    folder.mkdir(parents=True)
    for second, events in ((1, JOURNAL), (2, JOURNAL[:-2])):
        path = folder / f"20260131T12000{second}000Z-1-0123abcd.jsonl"
        path.write_bytes(b"".join(map(ev.encode, events)))
    assert main(["open"]) == 3
    said = capsys.readouterr()
    assert said.out.startswith("INCONCLUSIVE: The walk broke off after 1.0 s; ")
    assert said.err == ""


def test_where_nothing_is_recorded_it_asks_for_a_file(capsys: Captured) -> None:
    assert main(["open"]) == 2
    assert capsys.readouterr().err == (
        "layerwalk: open needs a FILE: no session has been recorded here yet\n"
    )


def test_with_a_screen_the_app_gets_the_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    class App:
        def __init__(self, **settings: object) -> None:
            given.update(settings)

        def run(self, *, mouse: bool) -> None:
            assert not mouse

    monkeypatch.setitem(sys.modules, "layerwalk.tui.app", SimpleNamespace(LayerwalkApp=App))
    monkeypatch.setattr(reopening, "can_paint", lambda: True)
    request = OpenSaved(Path(saved(tmp_path, (healthy(), faulty()))))
    assert open_saved(request, playing()) == 1
    sessions = given["saved"]
    assert isinstance(sessions, tuple)
    assert [it.state.verdict for it in sessions] == [healthy().verdict, faulty().verdict]
    assert given["target"] is None


def test_a_file_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="can't be read"):
        open_saved(OpenSaved(Path("gone.json")), playing())
