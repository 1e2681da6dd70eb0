"""Several walks after one another, and walks that break."""

import msgspec
import pytest

from layerwalk.probes.facts.target import Target
from layerwalk.session.events import PathSeen
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.screens.running import Happened, RunningScreen
from layerwalk.tui.walking import Listener
from tests.app import story
from tests.app.scripted import (
    CROSS,
    TARGET,
    ScriptedWalk,
    Stage,
    saved,
    text_of,
    until,
    until_shown,
)


async def test_r_walks_again_from_nothing(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.ALL)
        stage.walk.end()
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("r")
        await until_shown(pilot, "walking")
        assert len(stage.walks) == 2
        assert "firewall-drop" not in text_of(pilot)
        stage.walk.play(*story.ALL)
        await until_shown(pilot, "FAULT FOUND: A firewall")


async def test_an_older_run_is_not_heard_any_more(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "2 done")
        older = stage.walk
        await pilot.press("r")
        await until(pilot, lambda: len(stage.walks) == 2)
        assert older.stopped.wait(10)
        for event in story.JUDGED:
            older.listen(event)
        stage.walk.play(story.BEGUN, story.started("syn", "Later", 4, "an answer"))
        await until_shown(pilot, "Later")
        assert "FAULT" not in text_of(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, RunningScreen)
        assert screen.state.verdict is None


async def test_the_end_of_an_older_run_ends_nothing(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        older = stage.walk
        await pilot.press("r")
        await until(pilot, lambda: len(stage.walks) == 2)
        assert older.over.wait(10)
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, RunningScreen)
        assert screen.under_way


async def test_a_walk_that_raises_is_one_clear_line(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        stage.walk.fail(RuntimeError("a [red]probe[/] tore\x1b[2J"))
        await until_shown(pilot, "BROKE OFF")
        assert "? cancelled" in text_of(pilot)
        await pilot.press("v")
        await until_shown(pilot, "RuntimeError: a [red]probe[/]")
        assert "tore\\x1b[2J" in text_of(pilot)
        await pilot.press("r")
        await until_shown(pilot, "walking")


async def test_a_walk_that_cannot_begin_is_one_clear_line() -> None:
    def begin(target: Target, listen: Listener) -> ScriptedWalk:
        raise OSError(f"no sockets for {target.input} {listen is None}")

    async with LayerwalkApp(begin, TARGET).run_test() as pilot:
        await until_shown(pilot, "BROKE OFF")
        await pilot.press("v")
        await until_shown(pilot, "OSError: no sockets for")


async def test_a_walk_without_a_verdict_says_so(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS, story.ENDED)
        stage.walk.end()
        await until_shown(pilot, "there is no verdict; r walks again")


async def test_a_saved_walk_is_read_only() -> None:
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND: A firewall")
        assert "r again" not in text_of(pilot)
        await pilot.press("r")
        await until_shown(pilot, "this is a saved report")


async def test_a_report_without_steps_shows_its_evidence_as_steps() -> None:
    kept = story.whole()
    state = msgspec.structs.replace(kept, steps=())
    async with saved(state).run_test() as pilot:
        await pilot.press("s")
        await until_shown(pilot, "5 done")
        assert f"{CROSS} silent" in text_of(pilot)


@pytest.mark.parametrize(("earlier", "later", "replaced"), [(1, 1, True), (1, 2, False)])
def test_a_longer_path_replaces_one_that_waits(earlier: int, later: int, *, replaced: bool) -> None:
    paths = [event for event in story.MORE_STEPS if isinstance(event, PathSeen)]
    assert Happened(later, paths[1]).can_replace(Happened(earlier, paths[0])) is replaced
    assert not Happened(1, paths[1]).can_replace(Happened(1, story.BEGUN))
    assert not Happened(1, story.BEGUN).can_replace(Happened(1, paths[0]))
