"""Guided mode on the screen: a step is shown before it runs, and each key decides what it says."""

import pytest
from textual.pilot import Pilot

from layerwalk.diagnosis.open_steps import Ask, Open
from layerwalk.diagnosis.questions.for_people import QUESTIONS, SINCE_WHEN
from layerwalk.diagnosis.tree import Measure, Step
from layerwalk.session import events as ev
from layerwalk.session.guided.decisions import Answer, Back, Choose, Decision, Run, Skip, Switch
from layerwalk.session.guided.offers import offer_of
from layerwalk.session.reopened.sessions import Session
from layerwalk.session.state import WalkState, folded
from layerwalk.tui.panes.asking import QUESTION
from layerwalk.tui.panes.guide import GuidePane
from layerwalk.tui.panes.guide_text import cost_in_words
from tests.app import story
from tests.app.scripted import Stage, saved, text_of, until, until_shown

T = "198.51.100.10"
ECHO, SYN, CONNECT = (Measure(step, T) for step in (Step.ECHO, Step.SYN, Step.CONNECT))
ASKED = Ask(SINCE_WHEN)
BEGUN = (story.BEGUN, ev.ModeChanged(at_s=0.0, guided=True))
EVERY_STEP = [*(Measure(step, T) for step in Step), *(Ask(question) for question in QUESTIONS)]


def offered(*steps: Open, again: bool = False) -> ev.StepsOffered:
    offers = [offer_of(step, 5432, again=again and step is steps[0]) for step in steps]
    return ev.StepsOffered(at_s=0.3, offers=tuple(offers))


async def shown(pilot: Pilot[WalkState | None], stage: Stage, *steps: Open) -> None:
    """Play a guided walk up to an offer."""
    stage.walk.play(*BEGUN, offered(*steps))
    await until_shown(pilot, f"{len(steps)} open")
    await until(pilot, lambda: isinstance(pilot.app.focused, GuidePane))


async def test_an_offer_comes_to_the_front_with_all_that_is_to_be_known(stage: Stage) -> None:
    async with stage.app().run_test(size=(80, 24)) as pilot:
        await shown(pilot, stage, ECHO, SYN, CONNECT)
        text = text_of(pilot)
        for part in (
            f"Echo {T}  layer 3 (network)",
            "Asks     Does the target answer a ping",
            "Why now  There is a way out",
            f"Costs    {cost_in_words(offer_of(ECHO, 5432))}",
            " 1  It answers. → The machine is up",
            " 2  It does not. → Little",
            "Open too SYN to the port, Connection",
            "waits for you",
        ):
            assert part in text, text
        keys = "Enter run   i skip   1-9 answer   b branch   u back   m auto   ? help   q quit"
        assert keys in text.splitlines()[-1]


@pytest.mark.parametrize(
    ("key", "decision"),
    [
        ("enter", Run(ECHO.name)),
        ("i", Skip(ECHO.name)),
        ("1", Answer(ECHO.name, "answers")),
        ("2", Answer(ECHO.name, "silent")),
        ("b", Choose(SYN.name)),
        ("right", Choose(SYN.name)),
        ("left", Choose(CONNECT.name)),
        ("u", Back()),
        ("backspace", Back()),
        ("m", Switch(guided=False)),
    ],
)
async def test_each_key_decides_what_it_says(stage: Stage, key: str, decision: Decision) -> None:
    async with stage.app().run_test() as pilot:
        await shown(pilot, stage, ECHO, SYN, CONNECT)
        await pilot.press(key)
        await until(pilot, lambda: stage.walk.decided == [decision])


@pytest.mark.parametrize(
    ("steps", "key", "why"),
    [
        ((ASKED,), "enter", "only you can answer this"),
        ((ECHO,), "9", "there are 2 answers"),
        ((ECHO,), "b", "no other step is open"),
    ],
)
async def test_a_key_that_decides_nothing_says_why(
    stage: Stage, steps: tuple[Open, ...], key: str, why: str
) -> None:
    async with stage.app().run_test() as pilot:
        await shown(pilot, stage, *steps)
        await pilot.press(key)
        await until_shown(pilot, why)
        assert stage.walk.decided == []


async def test_what_was_measured_can_not_be_answered(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*BEGUN, offered(ECHO, again=True))
        await until_shown(pilot, "It was measured already")
        await pilot.press("1")
        await until_shown(pilot, "it was measured: Enter measures it again")
        await pilot.press("enter")
        await until(pilot, lambda: stage.walk.decided == [Run(ECHO.name)])


async def test_while_a_step_runs_it_says_so_and_no_key_decides(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        await shown(pilot, stage, ECHO)
        stage.walk.play(story.started(ECHO.name, "Echo", 3, "echo replies"))
        await until_shown(pilot, "Measuring: Echo.")
        await pilot.press("enter", "i", "1", "b", "u")
        await pilot.pause()
        assert stage.walk.decided == []


async def test_m_makes_a_walk_guided_and_a_new_offer_comes_to_the_front(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "walking")
        assert "Decide" not in text_of(pilot)
        await pilot.press("d", "m")
        await until(pilot, lambda: stage.walk.decided == [Switch(guided=True)])
        stage.walk.play(ev.ModeChanged(at_s=0.2, guided=True), offered(SYN))
        await until_shown(pilot, "What does a SYN to the port meet")
        await pilot.press("s")
        await until(pilot, lambda: "What does a SYN" not in text_of(pilot))
        await pilot.press("d")
        await until_shown(pilot, "What does a SYN to the port meet")
        stage.walk.play(ev.ModeChanged(at_s=0.4, guided=False))
        await until(pilot, lambda: "Decide" not in text_of(pilot))


async def test_the_verdict_ends_it(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        await shown(pilot, stage, ECHO)
        stage.walk.play(*story.JUDGED)
        await until_shown(pilot, "FAULT FOUND")
        await until(pilot, lambda: "Decide" not in text_of(pilot))
        await until_shown(pilot, "A firewall drops the connection")


async def test_an_answer_stands_among_the_steps(stage: Stage) -> None:
    async with stage.app().run_test(size=(100, 24)) as pilot:
        await shown(pilot, stage, ASKED)
        said = story.entry("resolve", 7, "answered_by_person", "A person says: It is new.")
        noted = ev.StepNoted(
            at_s=0.5, step="since-when", title="Question to you", layer=7, evidence=said
        )
        stage.walk.play(noted)
        await pilot.press("s")
        await until_shown(pilot, "✓ you said")
        stage.walk.play(ev.NoteTakenBack(at_s=0.6, step="since-when", note=said.id))
        await until(pilot, lambda: "you said" not in text_of(pilot))


@pytest.mark.parametrize("step", EVERY_STEP, ids=lambda step: step.name.split()[0])
async def test_every_step_can_be_read_at_80_by_24(stage: Stage, step: Open) -> None:
    """All of it stands on the screen at once, but for the longest questions, which scroll."""
    offer = offer_of(step, 5432)
    async with stage.app().run_test(size=(80, 24)) as pilot:
        await shown(pilot, stage, step, ECHO)
        text = " ".join(text_of(pilot).split())
        await pilot.press("pagedown")
        text += " ".join(text_of(pilot).split())
        for words in (offer.asks, offer.why, *(choice.proves for choice in offer.choices)):
            assert words.split()[-1] in text
        assert all(len(line) <= 80 for line in text_of(pilot).splitlines())


async def test_without_unicode_and_colour_all_is_there(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage.app().run_test() as pilot:
        await shown(pilot, stage, ECHO, SYN)
        text = text_of(pilot)
        assert "It answers. -> The machine is up" in text
        assert text.isascii()


@pytest.mark.parametrize("width", [40, 60, 80, 119, 120, 200])
async def test_it_fits_any_width(stage: Stage, width: int) -> None:
    async with stage.app().run_test(size=(width, 30)) as pilot:
        await shown(pilot, stage, ECHO, SYN)
        assert "Why now" in text_of(pilot)
        assert all(len(line) <= width for line in text_of(pilot).splitlines())


async def test_the_start_screen_may_begin_a_guided_walk(stage: Stage) -> None:
    async with stage.app(None).run_test() as pilot:
        await until_shown(pilot, QUESTION)
        assert "[ ] guided: stop before each step" in text_of(pilot)
        await pilot.press("ctrl+g")
        await until_shown(pilot, "[x] guided: stop before each step")
        await pilot.press(*"db.example.org:5432", "enter")
        await until_shown(pilot, "walking")
        assert stage.walk.decided == [Switch(guided=True)]
        await pilot.press("n")
        await until_shown(pilot, "[x] guided")


async def test_a_guided_walk_is_guided_again(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        await until_shown(pilot, "walking")
        await pilot.press("m")
        await until(pilot, lambda: stage.walk.decided == [Switch(guided=True)])
        stage.walk.end()
        await until_shown(pilot, "r again")
        await pilot.press("r")
        await until(pilot, lambda: len(stage.walks) == 2)
        assert stage.walk.decided == [Switch(guided=True)]


async def test_a_saved_walk_shows_what_was_offered_and_takes_no_decision() -> None:
    events = (*BEGUN, offered(ECHO, SYN), *story.JUDGED)
    session = Session(state=folded(events), events=events)
    async with saved(session.state).run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("m")
        await until_shown(pilot, "no walk is under way")
