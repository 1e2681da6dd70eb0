"""The start screen: a target is understood, or refused in one clear line."""

import pytest
from textual.widgets import Input

from layerwalk.probes.facts.target import Target
from layerwalk.tui.panes.asking import QUESTION
from layerwalk.tui.screens.start import StartScreen
from layerwalk.tui.screens.walk import WalkScreen
from tests.app.scripted import Stage, text_of, until_shown


async def test_it_asks_and_gives_examples(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await until_shown(pilot, QUESTION)
        assert "db.example.org:5432" in text_of(pilot)
        assert pilot.app.screen.focused is pilot.app.screen.query_one(Input)


async def test_a_target_is_walked_to(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await pilot.press(*"db.example.org:5432", "enter")
        await until_shown(pilot, "walking")
        assert isinstance(pilot.app.screen, WalkScreen)
        assert stage.walk.target == Target("db.example.org:5432", "db.example.org", 5432)


@pytest.mark.parametrize("typed", ["db.example.org:99999", "", "ftp://db.example.org"])
async def test_a_bad_target_gets_one_line(stage: Stage, typed: str) -> None:
    async with stage.app(None).run_test() as pilot:
        await pilot.press(*typed, "enter")
        refusal = pilot.app.screen.query_one("#refusal")
        await pilot.pause()
        assert str(refusal.render()).strip()
        assert refusal.size.height <= 2
        assert isinstance(pilot.app.screen, StartScreen)
        assert stage.walks == []


async def test_the_refusal_goes_with_the_next_letter(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await pilot.press("enter", "d")
        await pilot.pause()
        assert str(pilot.app.screen.query_one("#refusal").render()) == ""


async def test_a_question_mark_asks_for_help_only_in_an_empty_line(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await pilot.press("a", "?")
        assert pilot.app.screen.query_one(Input).value == "a?"
        await pilot.press("backspace", "backspace", "?")
        await until_shown(pilot, "Help")
        await pilot.press("escape")
        await until_shown(pilot, QUESTION)


async def test_another_target_starts_from_the_last_one(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        await until_shown(pilot, "walking")
        await pilot.press("n")
        await until_shown(pilot, QUESTION)
        assert pilot.app.screen.query_one(Input).value == "db.example.org:5432"
        assert stage.walk.stopped.wait(10)
