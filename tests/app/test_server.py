"""The start screen for the other end: a port of this machine's own, and the client outside."""

import threading

import msgspec
import pytest
from textual.widgets import Input

from layerwalk.probes.facts.standpoint import AS_CLIENT, Role, Standpoint
from layerwalk.probes.facts.target import Target
from layerwalk.session.options import Options
from layerwalk.session.state import folded
from layerwalk.session.targets import BadInput
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.opening import reading_own
from layerwalk.tui.panes.asking import QUESTION
from layerwalk.tui.panes.lines import target_in_words
from layerwalk.tui.panes.target_line import Typed
from layerwalk.tui.requests import Open
from layerwalk.tui.screens.serving import LOOKING
from layerwalk.tui.walking import Begin, Change
from tests.app import story
from tests.app.scripted import Stage, text_of, until_shown

CHECKED, UNCHECKED = "[x] server:", "[ ] server:"


class Desk:
    """An app on a stage; remembers what was asked, and with which options walks begin."""

    def __init__(self, stage: Stage, standpoint: Standpoint = AS_CLIENT) -> None:
        self.asked: list[Typed] = []
        self.begun: list[Options] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._stage = stage
        self.app = LayerwalkApp(stage.begin)
        self.app.standpoint = standpoint
        self.app.start_with = self.start_with
        self.app.read_own = self.read_own

    def start_with(self, change: Change) -> Begin:
        self.begun.append(change(Options()))
        return self._stage.begin

    def read_own(self, asked: Typed) -> tuple[Target, Standpoint]:
        assert self.may_answer.wait(10)
        self.asked.append(asked)
        return reading_own(Open())(asked)


async def test_a_port_alone_means_the_server(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await until_shown(pilot, UNCHECKED)
        await pilot.press(":")
        await until_shown(pilot, CHECKED)
        await pilot.press(*"5432", "enter")
        await until_shown(pilot, "walking")
        assert stage.walk.target == Target(":5432", "", 5432)
        assert [it.standpoint for it in desk.begun] == [Standpoint(role=Role.SERVER)]


async def test_the_client_may_be_named(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await pilot.press(*":5432 from 192.0.2.7", "enter")
        await until_shown(pilot, "walking")
        assert desk.begun[0].standpoint == Standpoint(role=Role.SERVER, client="192.0.2.7")


async def test_a_key_chooses_the_end_and_it_stays_chosen(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await pilot.press("ctrl+r")
        await until_shown(pilot, CHECKED)
        await pilot.press(*"127.0.0.1:80", "enter")
        await until_shown(pilot, "walking")
        await pilot.press("n")
        await until_shown(pilot, QUESTION)
        await until_shown(pilot, CHECKED)
        await pilot.press("ctrl+r", "enter")
        await until_shown(pilot, "walking")
        assert [it.standpoint.serves for it in desk.begun] == [True, False]
        assert len(desk.asked) == 1


async def test_what_the_command_line_said_holds(stage: Stage) -> None:
    desk = Desk(stage, Standpoint(role=Role.SERVER, client="192.0.2.7"))
    async with desk.app.run_test() as pilot:
        await until_shown(pilot, CHECKED)
    read = reading_own(Open(options=Options(standpoint=desk.app.standpoint)))
    assert read(Typed(":80"))[1] == desk.app.standpoint
    assert read(Typed(":80", "192.0.2.9"))[1].client == "192.0.2.9"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":99999", "its port is not a number"),
        (":80 from nobody", "is no address"),
        ("192.0.2.77:80", "none"),
        ("127.0.0.1", "asks about a port"),
    ],
)
async def test_what_is_not_our_own_gets_one_line(stage: Stage, line: str, said: str) -> None:
    desk = Desk(stage, Standpoint(role=Role.SERVER))
    async with desk.app.run_test() as pilot:
        await pilot.press(*line, "enter")
        await until_shown(pilot, said)
        assert stage.walks == []


async def test_nobody_waits_for_a_slow_name(stage: Stage) -> None:
    desk = Desk(stage, Standpoint(role=Role.SERVER))
    desk.may_answer.clear()
    async with desk.app.run_test() as pilot:
        await pilot.press(*"127.0.0.1:8", "enter")
        await until_shown(pilot, LOOKING)
        await pilot.press("1")  # another target now: what was asked before is no matter
        desk.may_answer.set()
        await pilot.press("enter")
        await until_shown(pilot, "walking")
        assert {it.target for it in desk.asked} == {"127.0.0.1:8", "127.0.0.1:81"}
        assert [it.target.port for it in stage.walks] == [81]


async def test_a_sentence_with_from_in_it_stays_an_error_line(stage: Stage) -> None:
    desk = Desk(stage)
    async with desk.app.run_test() as pilot:
        await pilot.press(*"timeout from db", "enter")
        await pilot.pause()
        assert desk.asked == []
        assert pilot.app.screen.query_one(Input).value in {"", "timeout from db"}
        assert QUESTION in text_of(pilot)


def test_the_heading_says_for_whom_the_server_is_looked_at() -> None:
    begun = msgspec.structs.replace(story.BEGUN, role="server", client="192.0.2.7")
    said = "db.example.org:5432, as its server, for 192.0.2.7"
    assert target_in_words(folded((begun,)), "") == said


def test_this_machine_may_refuse() -> None:
    with pytest.raises(BadInput, match="asks about a port"):
        reading_own(Open())(Typed("127.0.0.1"))
