"""A pasted error line: what it says is shown first, and then walked from."""

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from layerwalk.session.options import Options
from layerwalk.session.report import ErrorEntry
from layerwalk.session.state import WalkState
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.panes.asking import QUESTION
from layerwalk.tui.screens.error import ErrorScreen
from layerwalk.tui.screens.start import StartScreen
from layerwalk.tui.screens.walk import WalkScreen
from layerwalk.tui.walking import Begin, Change
from tests.app.scripted import Stage, text_of, until_shown

LINE = 'Get "https://api.example.org/x": dial tcp 192.0.2.5:443: i/o timeout'
LIMITED = "curl: (28) Failed to connect to db port 443 after 5001 ms: Timeout was reached"
TRACE = """\
2026-01-31 12:00:00 ERROR OrderService - Failed to call http://orders.example.org:8080/v1
java.net.SocketTimeoutException: Connect timed out
\tat java.base/java.net.Socket.connect(Socket.java:633)
"""
THREE = "\n".join(f"dial tcp 192.0.2.{n}:80: i/o timeout" for n in (5, 6, 7))
HEADING = "What this line says"


async def paste(pilot: Pilot[WalkState | None], text: str) -> None:
    await until_shown(pilot, QUESTION)
    pilot.app.screen.query_one(Input).post_message(events.Paste(text))
    await pilot.pause()


def from_lines(stage: Stage) -> tuple[LayerwalkApp, list[tuple[ErrorEntry, tuple[str, ...]]]]:
    heard = []

    def start_with(change: Change) -> Begin:
        asked = change(Options())
        assert asked.error_line is not None
        heard.append((asked.error_line, asked.other_targets))
        return stage.begin

    app = LayerwalkApp(stage.begin)
    app.start_with = start_with
    return app, heard


async def test_what_it_means_stands_before_the_walk(stage: Stage) -> None:
    app, heard = from_lines(stage)
    async with app.run_test() as pilot:
        await paste(pilot, LINE)
        await until_shown(pilot, HEADING)
        shown = text_of(pilot)
        assert "https://api.example.org/x" in shown
        assert "192.0.2.5: tried besides" in shown
        assert "the program's own limit" in shown
        assert stage.walks == []
        await pilot.press("enter")
        await until_shown(pilot, "walking")
        assert isinstance(pilot.app.screen, WalkScreen)
        assert stage.walk.target.host == "api.example.org"
        assert stage.walk.target.addresses == ("192.0.2.5",)
        assert [(line.runtime, others) for line, others in heard] == [("go", ())]


async def test_a_log_of_several_lines_is_pasted_whole(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await paste(pilot, TRACE)
        await until_shown(pilot, HEADING)
        assert "http://orders.example.org:8080" in text_of(pilot)
        await pilot.press("escape")
        await until_shown(pilot, QUESTION)
        assert stage.walks == []


async def test_of_several_targets_one_is_chosen(stage: Stage) -> None:
    app, heard = from_lines(stage)
    async with app.run_test() as pilot:
        await paste(pilot, THREE)
        await until_shown(pilot, "3 targets")
        assert "Target   192.0.2.7:80" in text_of(pilot)
        await pilot.press("down")
        await until_shown(pilot, "Target   192.0.2.6:80")
        await pilot.press("enter")
        await until_shown(pilot, "walking")
        assert stage.walk.target.host == "192.0.2.6"
        assert heard[0][1] == ("192.0.2.7:80", "192.0.2.5:80")


async def test_it_may_be_typed_too(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await until_shown(pilot, QUESTION)
        pilot.app.screen.query_one(Input).value = LIMITED
        await pilot.press("enter")
        await until_shown(pilot, "5 s, which counts as --timeout")


async def test_a_line_without_a_host_asks_for_it_and_is_kept(stage: Stage) -> None:
    app, heard = from_lines(stage)
    async with app.run_test() as pilot:
        await paste(pilot, "Connection timed out: getsockopt")
        await until_shown(pilot, "names no host")
        assert "getsockopt only hands" in " ".join(text_of(pilot).split())
        await pilot.press(*"db.example.org:5432", "enter")
        await until_shown(pilot, "walking")
        assert stage.walk.target.host == "db.example.org"
        assert heard[0][0].errno == "ETIMEDOUT"


@pytest.mark.parametrize("text", ["hello world", "two\nlines", "\x1b[31m \x07 x"])
async def test_nonsense_gets_a_line(stage: Stage, text: str) -> None:
    async with stage.app(None).run_test() as pilot:
        await paste(pilot, text)
        await until_shown(pilot, "no error line")
        assert isinstance(pilot.app.screen, StartScreen)


async def test_a_target_that_is_pasted_goes_into_the_line(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await paste(pilot, "db.example.org:5432\n")
        assert pilot.app.screen.query_one(Input).value == "db.example.org:5432"


async def test_it_is_shown_as_text_and_without_secrets(stage: Stage) -> None:
    hostile = f"[red]\x1b[5m\u202e https://app:hunter2@x.example.org/ [/] {LINE}"
    async with stage.app(None).run_test() as pilot:
        await paste(pilot, hostile)
        await until_shown(pilot, HEADING)
        shown = text_of(pilot)
        assert "[red]" in shown
        assert "hunter2" not in shown
        assert all(char.isprintable() for char in shown.replace("\n", ""))


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (130, 36)])
async def test_it_fits(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.app(None).run_test(size=size) as pilot:
        await until_shown(pilot, QUESTION)
        await paste(pilot, THREE)
        assert isinstance(pilot.app.screen, ErrorScreen)
        await pilot.press("enter")
        await until_shown(pilot, "walking")
