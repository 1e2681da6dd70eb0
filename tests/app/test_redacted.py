"""With --redact the screen shows stand-ins only, from the first moment on."""

import re

from textual.widgets import Input

from layerwalk.session.redaction.structures import Redaction
from tests.app import story
from tests.app.scripted import Stage, text_of, until, until_shown

TRUE = re.compile(r"example\.org|192\.0\.2|198\.51\.100|203\.0\.113")


async def test_nothing_true_is_on_the_screen(stage: Stage) -> None:
    redact = Redaction()
    async with stage.app(reticent=True).run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        assert not TRUE.search(text_of(pilot))
        for event in (*story.FIRST_STEPS, *story.MORE_STEPS):
            stage.walk.play(redact(event))
        await until_shown(pilot, "5 done")
        for pane in "1234":
            await pilot.press(pane)
            await pilot.pause()
            assert not TRUE.search(text_of(pilot))
        assert "name-" in text_of(pilot)


async def test_another_target_is_asked_for_with_nothing_typed(stage: Stage) -> None:
    async with stage.app(reticent=True).run_test() as pilot:
        await pilot.press("n")
        await until(pilot, lambda: bool(pilot.app.screen.query(Input)))
        assert pilot.app.screen.query_one(Input).value == ""
