"""A walk on the screen, while it runs."""

import re

from layerwalk.session.events import PathSeen
from tests.app import story
from tests.app.scripted import CROSS, Stage, text_of, until_shown


def line_with(text: str, part: str) -> str:
    return next(line for line in text.splitlines() if part in line)


async def test_steps_fill_in_under_their_layers(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "2 done, 1 running")
        text = text_of(pilot)
        assert "✓ answered" in line_with(text, "7 application")
        assert "• running" in line_with(text, "SYN to the port")
        assert "waits for a SYN-ACK" in line_with(text, "SYN to the port")
        assert text.index("7 application") < text.index("4 transport") < text.index("3 network")
        stage.walk.play(*story.MORE_STEPS)
        await until_shown(pilot, "5 done")
        assert f"{CROSS} silent" in line_with(text_of(pilot), "SYN to the port")
        assert "? not permitted" in line_with(text_of(pilot), "Local rules")


async def test_the_status_line_says_what_is_waited_for_and_how_long(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, " waits for a SYN-ACK: ")
        line = line_with(text_of(pilot), " waits for a SYN-ACK: ")
        assert re.search(r"waits for a SYN-ACK: \d s of at most 7 s", line), line


async def test_the_path_fills_in_hop_by_hop(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        path = [event for event in story.MORE_STEPS if isinstance(event, PathSeen)]
        stage.walk.play(*story.FIRST_STEPS, path[0])
        await until_shown(pilot, "192.0.2.1")
        assert "203.0.113.1" not in text_of(pilot)
        stage.walk.play(path[2])
        await until_shown(pilot, "198.51.100.10 target")
        text = text_of(pilot)
        first, last = line_with(text, "192.0.2.1"), line_with(text, "198.51.100.10 target")
        assert first.split()[2:8] == ["0%", "3", "3", "10.1", "10.2", "20.4"]
        assert first.split()[8:] == ["answered", "✓", "answered"]
        assert last.split()[3:6] == ["0%", "2", "2"]
        assert last.split()[-2:] == ["answered", "silent"]


async def test_evidence_comes_with_its_id_and_finding(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await pilot.press("e")
        await until_shown(pilot, "3 of 3 echoes answered")
        assert line_with(text_of(pilot), "3 of 3").split()[1:4] == ["e3", "3", "echo"]


async def test_enter_opens_all_that_is_known(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await pilot.press("e")
        await until_shown(pilot, "echo")
        await pilot.press("home", "enter")
        await until_shown(pilot, "What the probe recorded")
        text = text_of(pilot)
        assert "dig db.example.org A" in text
        assert '"asked": "resolve"' in text
        await pilot.press("escape")
        await until_shown(pilot, "Evidence (2)")


async def test_enter_opens_a_hop(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS, *story.MORE_STEPS)
        await pilot.press("p")
        await until_shown(pilot, "target")
        await pilot.press("end", "enter")
        await until_shown(pilot, "Hop 3")
        assert "2 of 2 answered" in line_with(text_of(pilot), "ICMP")


async def test_x_ends_the_walk_early(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "walking")
        await pilot.press("x")
        await until_shown(pilot, "stopping")
        assert stage.walk.stopped.is_set()
