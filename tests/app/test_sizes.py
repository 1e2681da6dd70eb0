"""From tiny to wide, live."""

from tests.app import story
from tests.app.scripted import CROSS, saved, text_of, until_shown


async def test_a_tiny_terminal_gets_one_clear_line() -> None:
    async with saved(story.whole()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "firewall-drop")
        await pilot.resize_terminal(39, 24)
        await until_shown(pilot, "FAULT FOUND [firewall-drop]")
        assert len(text_of(pilot).split("\n", 1)[1].strip()) == 0
        await pilot.resize_terminal(80, 9)
        await until_shown(pilot, "FAULT FOUND [firewall-drop] (40x10 shows more)")
        assert len(text_of(pilot).split("\n", 1)[1].strip()) == 0
        await pilot.resize_terminal(80, 24)
        await until_shown(pilot, "What to do")
        await pilot.press("e")
        await until_shown(pilot, "◄ decides")


async def test_keys_work_again_after_a_tiny_moment() -> None:
    async with saved(story.whole()).run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await until_shown(pilot, "► e1")
        await pilot.resize_terminal(20, 5)
        await until_shown(pilot, "FAULT FOUND")
        await pilot.resize_terminal(80, 24)
        await until_shown(pilot, "► e1")
        await pilot.press("j")
        await until_shown(pilot, "► e3")


async def test_the_least_size_shows_the_verdict() -> None:
    async with saved(story.whole()).run_test(size=(40, 10)) as pilot:
        await until_shown(pilot, f"{CROSS} FAULT FOUND: A firewall drops the")
        assert "? help" in text_of(pilot)


async def test_the_answer_stands_first_however_far_down_its_commands_are() -> None:
    async with saved(story.whole()).run_test(size=(40, 10)) as pilot:
        await until_shown(pilot, "below")
        await pilot.pause()
        assert f"{CROSS} FAULT FOUND: A firewall drops the" in text_of(pilot)
        await pilot.press("right")  # what a person chooses is brought into sight
        await until_shown(pilot, "above")
        assert "FAULT FOUND:" not in text_of(pilot)


async def test_a_short_terminal_has_the_steps_without_the_path() -> None:
    async with saved(story.whole()).run_test(size=(40, 10)) as pilot:
        await pilot.press("s")
        await until_shown(pilot, "Steps (")
        await until_shown(pilot, "►")
        assert "Path (" not in text_of(pilot)
        await pilot.press("p")
        await until_shown(pilot, "Path (")


async def test_a_narrow_terminal_has_one_pane_in_front() -> None:
    async with saved(story.whole()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "What to do")
        assert "id layer probe" not in text_of(pilot)
        for key, seen in (("tab", "SYN to the port"), ("tab", "ICMP"), ("tab", "◄ decides")):
            await pilot.press(key)
            await until_shown(pilot, seen)
            assert "What to do" not in text_of(pilot)
        await pilot.press("tab")
        await until_shown(pilot, "What to do")
        await pilot.press("shift+tab")
        await until_shown(pilot, "◄ decides")


async def test_a_wide_terminal_has_all_panes_side_by_side() -> None:
    async with saved(story.whole()).run_test(size=(160, 50)) as pilot:
        await until_shown(pilot, "What to do")
        text = text_of(pilot)
        assert all(part in text for part in ("SYN to the port", "ICMP", "◄ decides"))
        await pilot.resize_terminal(80, 24)
        await until_shown(pilot, "s Steps")
        assert "ICMP" not in text_of(pilot)
        await pilot.resize_terminal(120, 30)
        await until_shown(pilot, "ICMP")
