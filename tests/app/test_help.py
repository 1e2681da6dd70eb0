"""The help and the bindings are one table."""

from collections.abc import Iterator

from textual.binding import Binding

from layerwalk.probes.facts.outcome import Outcome
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.keys import KEYS, Place
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.guide import GuidePane
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.verdict import VerdictPane
from layerwalk.tui.screens.choosing import ChoosingScreen
from layerwalk.tui.screens.consent import ConsentScreen
from layerwalk.tui.screens.dialog import Dialog
from layerwalk.tui.screens.error import ErrorScreen
from layerwalk.tui.screens.help import help_details
from layerwalk.tui.screens.replay import ReplayScreen
from layerwalk.tui.screens.saving import SavingScreen
from layerwalk.tui.screens.sockets import SocketsScreen
from layerwalk.tui.screens.start import StartScreen
from layerwalk.tui.screens.walk import WalkScreen
from layerwalk.tui.words import STATUSES
from tests.app.scripted import Stage, until_shown

BOUND = (
    *(LayerwalkApp, StartScreen, WalkScreen, ReplayScreen, ChoosingScreen, Dialog, SavingScreen),
    *(ErrorScreen, ConsentScreen, SocketsScreen, Rows, VerdictPane),
    *(Rows, VerdictPane, GuidePane),
)


def helped() -> str:
    return help_details(Lettering()).content.plain


def bound() -> Iterator[Binding]:
    for owner in BOUND:
        for binding in owner.BINDINGS:
            assert isinstance(binding, Binding)
            yield binding


def test_every_binding_is_in_the_help() -> None:
    listed = {(key, row.says) for row in KEYS for key in row.keys.split(",")}
    assert {(binding.key, binding.description) for binding in bound()} <= listed
    lines = helped().splitlines()
    for row in KEYS:
        assert any(line.split() == f"{row.shown} {row.says}".split() for line in lines), row


def test_every_key_of_the_table_is_bound() -> None:
    made = {(binding.key, binding.description) for binding in bound()}
    own = {(key, row.says) for row in KEYS for key in row.keys.split(",") if row.action != "submit"}
    assert own == made


def test_every_place_is_named() -> None:
    assert all(place.value in helped() for place in Place)


def test_every_outcome_has_a_word_and_is_explained() -> None:
    assert set(STATUSES) == {*map(str, Outcome), "running"}
    assert all(word.says in helped() for word in STATUSES.values())


async def test_it_opens_from_the_walk_and_closes(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        for key in ("?", "h"):
            await until_shown(pilot, "walking")
            await pilot.press(key)
            await until_shown(pilot, "quit, even while typing")
            await pilot.press("escape")
