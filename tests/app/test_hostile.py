"""Text from outside stays text, wherever it is shown."""

import msgspec
import pytest
from textual.pilot import Pilot

from layerwalk.session.report import Recommendation
from layerwalk.session.state import WalkState
from tests.app import story
from tests.app.scripted import saved, text_of, until_shown

EVIL = "[red]bad[/] \x1b[2J\x07\x9b31m\r\n\u202eend [@click=app.quit]x[/]"
SHOWN = r"[red]bad[/] \x1b[2J\x07\x9b31m\r\n\u202eend [@click=app.quit]x[/]"
replace = msgspec.structs.replace


def hostile() -> WalkState:
    """The story, with the same evil text in every place that comes from outside."""
    state = story.whole()
    assert state.verdict is not None
    assert state.target is not None
    cause = replace(
        state.verdict.causes[0],
        title=EVIL,
        explanation=EVIL,
        recommendations=(Recommendation(on=EVIL, action=EVIL, command=EVIL),),
    )
    verdict = replace(state.verdict, summary=EVIL, causes=(cause, state.verdict.causes[1]))
    return replace(
        state,
        target=replace(state.target, input=EVIL, addresses=(EVIL,)),
        evidence=tuple(
            replace(it, finding=EVIL, probe=EVIL, command=EVIL, data={EVIL: EVIL})
            for it in state.evidence
        ),
        steps=tuple(replace(it, title=EVIL, finding=EVIL, status=EVIL) for it in state.steps),
        path=tuple(replace(it, addresses=(EVIL,)) for it in state.path),
        path_to=EVIL,
        verdict=verdict,
    )


def harmless(pilot: Pilot[WalkState | None]) -> bool:
    """Whether what is painted has no control character in it, nor one that turns the text."""
    return all(char.isprintable() for char in text_of(pilot).replace("\n", ""))


@pytest.mark.parametrize("keys", ["v", "s", "p", "e", "e enter", "p enter", "w", "1"])
async def test_it_is_shown_as_text(keys: str) -> None:
    async with saved(hostile()).run_test(size=(400, 60)) as pilot:
        await until_shown(pilot, "[red]bad[/]")
        await pilot.press(*keys.split())
        await pilot.pause()
        assert harmless(pilot)
        if "w" not in keys:
            await until_shown(pilot, SHOWN)
        assert pilot.app.is_running


async def test_what_is_copied_is_harmless() -> None:
    async with saved(hostile()).run_test(size=(400, 60)) as pilot:
        await until_shown(pilot, "[red]bad[/]")
        await pilot.press("1")
        await until_shown(pilot, "copied")
        assert not set(pilot.app.clipboard) & set("\x1b\x07\x9b\r\u202e")


async def test_ascii_terminals_get_ascii_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    state = replace(hostile(), path_to="Köln \N{SNOWMAN} 東京")
    async with saved(state).run_test(size=(130, 60)) as pilot:
        await until_shown(pilot, "x FAULT FOUND")
        for key in ("s", "p", "e", "enter", "escape", "?"):
            await pilot.press(key)
            await pilot.pause()
            assert text_of(pilot).isascii()
