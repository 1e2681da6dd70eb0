"""Before this machine's rules are changed a person is asked, and told what would change."""

import msgspec
import pytest
from textual.pilot import Pilot

from layerwalk.probes.facts.target import Target
from layerwalk.session import events as ev
from layerwalk.session.options import Options
from layerwalk.session.report import EvidenceEntry, Privileges
from layerwalk.session.state import WalkState, folded
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.consent_text import consent_details
from layerwalk.tui.screens.running import PACE_S
from layerwalk.tui.screens.walk import WalkScreen
from layerwalk.tui.walking import Begin, Change
from tests.app import story
from tests.app.scripted import TARGET, Stage, saved, text_of, until, until_shown

QUESTION = "May the kernel trace our packets?"
KEYS = "y yes   Esc no"


def judged(rule: str = "", confidence: str = "likely", kind: str = "local") -> ev.VerdictReached:
    where = {"kind": kind, "rule": rule} if rule else {"kind": kind}
    cause = msgspec.structs.replace(story.VERDICT.causes[0], where=where, confidence=confidence)
    return ev.VerdictReached(
        at_s=1.0, verdict=msgspec.structs.replace(story.VERDICT, causes=(cause,))
    )


class Desk:
    """An app whose walks tell with which options they were begun."""

    def __init__(self, stage: Stage, target: Target | None = TARGET) -> None:
        self.begun: list[Options] = []
        self._stage = stage
        self.app = LayerwalkApp(stage.begin, target)
        self.app.start_with = self.start_with

    def start_with(self, change: Change) -> Begin:
        self.begun.append(change(Options(timeout_s=3.0)))
        return self._stage.begin


async def walked(pilot: Pilot[WalkState | None], stage: Stage, verdict: ev.Event) -> None:
    await until_shown(pilot, "walking")
    stage.walk.play(*story.FIRST_STEPS, verdict, story.ENDED)
    await over(pilot, stage)


async def over(pilot: Pilot[WalkState | None], stage: Stage) -> None:
    """End the walk, and wait until the app has seen that."""
    stage.walk.end()
    walk = next(it for it in pilot.app.screen_stack if isinstance(it, WalkScreen))
    await until(pilot, lambda: walk.state.verdict is not None and not walk.under_way)
    await pilot.pause(2 * PACE_S)  # the question would come with the next painting


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_it_says_what_is_added_and_that_it_goes(stage: Stage, size: tuple[int, int]) -> None:
    desk = Desk(stage)
    async with desk.app.run_test(size=size) as pilot:
        await walked(pilot, stage, judged())
        await until_shown(pilot, QUESTION)
        text = text_of(pilot)
        for part in ("Added:", "layerwalk_trace_", "Untouched:", "Removed:", TARGET.input, KEYS):
            assert part in text, text
        assert desk.begun == []


async def test_only_yes_is_yes_and_then_it_walks_with_the_trace(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await walked(pilot, stage, judged())
        await until_shown(pilot, QUESTION)
        await pilot.press("enter", "1", "c")
        await until_shown(pilot, QUESTION)
        assert len(stage.walks) == 1
        await pilot.press("y")
        await until(pilot, lambda: len(stage.walks) == 2)
        assert desk.begun == [Options(timeout_s=3.0, trace_firewall=True)]
        assert stage.walk.target == TARGET


@pytest.mark.parametrize("key", ["escape", "n", "q"])
async def test_no_leaves_all_as_it_is_and_the_question_can_be_had_again(
    stage: Stage, key: str
) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await walked(pilot, stage, judged())
        await until_shown(pilot, QUESTION)
        await pilot.press(key)
        await until_shown(pilot, "rules stay as they are")
        assert "FAULT FOUND" in text_of(pilot)
        assert (len(stage.walks), desk.begun) == (1, [])
        await pilot.press("t")
        await until_shown(pilot, QUESTION)


async def test_a_rule_that_is_named_for_certain_raises_no_question(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await walked(pilot, stage, judged("tcp dport 5432 drop", "certain"))
        await until_shown(pilot, "t trace")
        assert QUESTION not in text_of(pilot)
        await pilot.press("t")
        await until_shown(pilot, QUESTION)


@pytest.mark.parametrize("verdict", [judged(kind="path"), story.JUDGED[0]])
async def test_a_rule_elsewhere_is_none_of_the_kernels(stage: Stage, verdict: ev.Event) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await walked(pilot, stage, verdict)
        assert "t trace" not in text_of(pilot)
        await pilot.press("t")
        await until_shown(pilot, "only a rule of this machine")


async def test_it_waits_until_the_help_is_closed(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await until_shown(pilot, "walking")
        await pilot.press("?")
        await until_shown(pilot, "Help")
        stage.walk.play(*story.FIRST_STEPS, judged(), story.ENDED)
        await over(pilot, stage)
        assert QUESTION not in text_of(pilot)
        await pilot.press("escape")
        await until_shown(pilot, QUESTION)


def without_rights() -> WalkState:
    host = msgspec.structs.replace(story.BEGUN.host, privileges=Privileges(raw=False, admin=False))
    begun = msgspec.structs.replace(story.BEGUN, host=host)
    return folded((begun, *story.FIRST_STEPS[1:], judged(), story.ENDED))


async def test_a_saved_walk_and_one_without_rights_ask_nothing(stage: Stage) -> None:
    state = folded((*story.FIRST_STEPS, judged(), story.ENDED))
    async with saved(state).run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("t")
        await until_shown(pilot, "only a rule of this machine")
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await until_shown(pilot, "walking")
        begun = without_rights()
        stage.walk.play(
            msgspec.structs.replace(story.BEGUN, host=begun.host),
            *story.FIRST_STEPS[1:],
            judged(),
            story.ENDED,
        )
        await over(pilot, stage)
        assert QUESTION not in text_of(pilot)


async def test_what_was_traced_already_is_not_asked_for_again(stage: Stage) -> None:
    traced = EvidenceEntry(
        id="e9",
        probe="rule-trace",
        layer=4,
        started=0.1,
        seconds=1.0,
        status="answered",
        finding="the kernel's own trace: no rule refuses the SYN",
    )
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await until_shown(pilot, "walking")
        stage.walk.play(*story.FIRST_STEPS, story.ended("rule-trace", traced), judged())
        stage.walk.play(story.ENDED)
        await over(pilot, stage)
        assert QUESTION not in text_of(pilot)


def test_a_server_is_told_that_a_client_has_to_try() -> None:
    state = folded((*story.FIRST_STEPS, judged(), story.ENDED))
    words = consent_details(state, Lettering()).content.plain
    assert "a client has to try" not in words
    served = msgspec.structs.replace(state, role="server")
    assert "a client has to try meanwhile" in consent_details(served, Lettering()).content.plain
