"""q leaves at once, whatever runs."""

import os
import signal

import pytest

from tests.app import story
from tests.app.scripted import TARGET, Stage, until, until_shown


@pytest.mark.parametrize("keys", ["q", "ctrl+c", "ctrl+q", "? q", "e q"])
async def test_a_running_walk_is_stopped(stage: Stage, keys: str) -> None:
    app = stage.app()
    async with app.run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "2 done")
        await pilot.press(*keys.split())
        assert stage.walk.stopped.wait(10)
        assert stage.walk.over.wait(10)
    assert app.return_value is not None
    assert app.return_value.target is not None
    assert app.return_value.target.input == TARGET.input


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_is_a_way_out(stage: Stage, number: signal.Signals) -> None:
    app = stage.app()
    async with app.run_test() as pilot:
        await until_shown(pilot, "walking")
        os.kill(os.getpid(), number)
        await until(pilot, lambda: not app.is_running)
    assert stage.walk.stopped.wait(10)


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_the_start_screen_is_left(stage: Stage, key: str) -> None:
    app = stage.app(None)
    async with app.run_test() as pilot:
        await pilot.press(*"db.exq", key)
        await until(pilot, lambda: not app.is_running)
    assert app.return_value is None


async def test_the_last_state_is_handed_back(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test() as pilot:
        stage.walk.play(*story.ALL)
        stage.walk.end()
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("q")
    assert app.return_value == story.whole()
