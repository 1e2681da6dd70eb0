"""Saved sessions in the app: read only, chosen among several, replayed at any pace."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from layerwalk.session import events as ev
from layerwalk.session.journal.recent import Recent, recent_sessions
from layerwalk.session.reopened.sessions import reopened
from layerwalk.session.state import WalkState, folded
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.screens import replay
from tests.app import story
from tests.app.scripted import Unwalkable, saved, text_of, until, until_shown

WALKED = Pilot[WalkState | None]


def recorded(folder: Path, events: Sequence[ev.Event], number: int = 1, torn: bytes = b"") -> Path:
    """Put a journal where this test's sessions are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"20260131T12000{number}000Z-1-0123abcd.jsonl"
    path.write_bytes(b"".join(map(ev.encode, events)) + torn)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "layerwalk"


def kept(folder: Path) -> Sequence[Recent]:
    return recent_sessions({"XDG_STATE_HOME": str(folder.parent)})


def starting(folder: Path) -> LayerwalkApp:
    return LayerwalkApp(Unwalkable().begin, recent=lambda: kept(folder))


def typed(pilot: WALKED) -> str:
    return pilot.app.screen.query_one(Input).value


def opened(path: Path) -> LayerwalkApp:
    return LayerwalkApp(Unwalkable().begin, saved=reopened(path).sessions)


async def test_the_start_screen_lists_the_recent_sessions(folder: Path) -> None:
    recorded(folder, story.ALL, 1)
    recorded(folder, story.FIRST_STEPS, 2, b'{"event":"step-')
    (folder / "20260131T120003000Z-1-0123abcd.jsonl").touch()
    async with starting(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Recent sessions")
        lines = [line for line in text_of(pilot).splitlines() if "db.example.org:5432 " in line]
        assert [("[firewall-drop]" in it, "broke off" in it) for it in lines[-2:]] == [
            (False, True),
            (True, False),
        ]


async def test_keys_choose_a_recent_session(folder: Path) -> None:
    recorded(folder, story.ALL, 1)
    recorded(folder, story.FIRST_STEPS, 2)
    async with starting(folder).run_test() as pilot:
        await until_shown(pilot, "Recent sessions")
        await pilot.press("down", "down", "enter")
        await until_shown(pilot, "FAULT FOUND")
        assert "firewall-drop" in text_of(pilot)


async def test_escape_goes_back_to_the_line_first(folder: Path) -> None:
    recorded(folder, story.ALL)
    async with starting(folder).run_test() as pilot:
        await until_shown(pilot, "Recent sessions")
        await pilot.press("down", "escape", "d", "b")
        assert pilot.app.is_running
        assert typed(pilot) == "db"
        await pilot.press("escape")
        await until(pilot, lambda: not pilot.app.is_running)


async def test_without_sessions_there_is_no_list(folder: Path) -> None:
    looked = threading.Event()

    def look() -> Sequence[Recent]:
        looked.set()
        return kept(folder)

    async with LayerwalkApp(Unwalkable().begin, recent=look).run_test() as pilot:
        await until(pilot, looked.is_set)
        await pilot.press("down")
        assert typed(pilot) == ""
        assert isinstance(pilot.app.focused, Input)
        assert "Recent sessions" not in text_of(pilot)


async def test_a_session_that_is_gone_is_said(folder: Path) -> None:
    path = recorded(folder, story.ALL)
    async with starting(folder).run_test(size=(160, 24)) as pilot:
        await until_shown(pilot, "Recent sessions")
        path.unlink()
        await pilot.press("down", "enter")
        await until_shown(pilot, "can't be read: No such file or directory")


async def test_a_killed_session_says_that_it_broke_off(folder: Path) -> None:
    path = recorded(folder, story.FIRST_STEPS, 1, b'{"event":"step-en')
    async with opened(path).run_test(size=(130, 40)) as pilot:
        await until_shown(pilot, "The walk broke off after ")
        shown = text_of(pilot)
        assert "INCONCLUSIVE" in shown
        assert "running" not in shown


async def test_what_is_unreadable_is_said(folder: Path) -> None:
    whole = recorded(folder, story.ALL).read_bytes().split(b"\n")
    path = folder / "x.jsonl"
    path.write_bytes(b"\n".join([*whole[:3], b"{}", b"\x1b[31m", *whole[3:]]))
    async with opened(path).run_test() as pilot:
        await until_shown(pilot, "2 lines of the journal can't be read")


async def test_several_sessions_are_chosen_among() -> None:
    broken = folded([*story.FIRST_STEPS, ev.VerdictReached(at_s=2.0, verdict=story.HEALTHY)])
    async with saved(story.whole(), broken).run_test() as pilot:
        await until_shown(pilot, "2 sessions in this file")
        await pilot.press("down", "enter")
        await until_shown(pilot, "The connection to port 5432 is made")
        await pilot.press("n", "up", "enter")
        await until_shown(pilot, "FAULT FOUND")


async def test_the_course_is_gone_through_step_by_step(folder: Path) -> None:
    async with opened(recorded(folder, story.ALL)).run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("comma", "comma")
        total = len(story.ALL)
        await until_shown(pilot, f"replay: event {total - 2} of {total}")
        assert "FAULT FOUND" not in text_of(pilot)
        assert "REPLAY" in text_of(pilot)
        await pilot.press("full_stop", "full_stop", "full_stop")
        await until_shown(pilot, "FAULT FOUND")


async def test_every_state_of_the_course_is_the_one_that_was(folder: Path) -> None:
    async with opened(recorded(folder, story.ALL)).run_test() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, replay.ReplayScreen)
        for count in range(len(story.ALL) - 1, 0, -1):
            await pilot.press("comma")
            assert screen.state == folded(story.ALL[:count])


async def test_it_plays_to_the_end_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "LONGEST_S", 0.001)
    async with opened(recorded(folder, story.ALL)).run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("a")
        await until_shown(pilot, f"replay: event {len(story.ALL)} of {len(story.ALL)}")
        await until_shown(pilot, "FAULT FOUND")


async def test_it_stops_where_it_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "LONGEST_S", 3600.0)
    monkeypatch.setattr(replay, "PACES", (1e-6,) * 6)
    async with opened(recorded(folder, story.ALL)).run_test() as pilot:
        await pilot.press("a")
        await until_shown(pilot, "replay: event ")
        screen = pilot.app.screen
        assert isinstance(screen, replay.ReplayScreen)
        await until(pilot, lambda: screen._next is not None)
        await pilot.press("a")
        assert screen._next is None
        assert not screen.at_end


async def test_a_report_has_no_course() -> None:
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("a")
        await until_shown(pilot, "a report holds no course to replay")


@pytest.mark.parametrize(
    ("from_s", "to_s", "pace", "pause"),
    [(0.0, 1.0, 1.0, 1.0), (1.0, 2.0, 4.0, 0.25), (0.0, 60.0, 1.0, 2.0), (5.0, 1.0, 1.0, 0.02)],
)
def test_the_pause_keeps_to_the_pace(from_s: float, to_s: float, pace: float, pause: float) -> None:
    assert replay.pause_s(from_s, to_s, pace) == pause


async def test_nothing_of_a_hostile_journal_takes_effect(folder: Path) -> None:
    harm = "\x1b[31m[red]x[/]\x07"
    begun = story.ALL[0]
    assert isinstance(begun, ev.WalkStarted)
    path = recorded(folder, [begun])
    path.write_bytes(path.read_bytes().replace(b"db.example.org:5432", b"\\u001b[31m[red]x[/]"))
    async with starting(folder).run_test() as pilot:
        await until_shown(pilot, r"\x1b[31m[red]x[/]")
        await pilot.press("down", "enter")
        await until_shown(pilot, "broke off")
        assert r"\x1b[31m[red]x[/]" in text_of(pilot)
        assert harm not in text_of(pilot)


async def test_the_start_screen_waits_for_no_disk(folder: Path) -> None:
    recorded(folder, story.ALL)
    spinning = threading.Event()

    def look() -> Sequence[Recent]:
        spinning.wait(60)
        return kept(folder)

    async with LayerwalkApp(Unwalkable().begin, recent=look).run_test() as pilot:
        await pilot.press("d", "b")
        assert typed(pilot) == "db"
        assert "Recent sessions" not in text_of(pilot)
        spinning.set()
        await until_shown(pilot, "Recent sessions")
        assert typed(pilot) == "db"
