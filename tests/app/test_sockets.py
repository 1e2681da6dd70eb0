"""Live sockets in the app: a list, the worst first, and one opened from it."""

import socket
import threading
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from layerwalk.probes.facts.live_sockets import LiveSocket, SocketsSeen
from layerwalk.session.sockets import EVERYTHING, Sight, Which
from layerwalk.session.state import WalkState
from layerwalk.session.targets import BadInput
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.looking import Kernel
from layerwalk.tui.panes.asking import QUESTION
from layerwalk.tui.panes.sockets import MOST, socket_details, socket_note, socket_rows
from layerwalk.tui.screens.sockets import GONE, LOOKING
from tests.app import story
from tests.app.scripted import Stage, saved, text_of, until, until_shown
from tests.unit.diagnosis.socket_limits.sockets import NEW, OPTIONS, SOCKET, asking
from tests.unit.session.sockets.test_writing import HOLDER, LISTENER

WAITS = LiveSocket(socket=asking(2, 1.5), holders=(HOLDER,), options=OPTIONS)
LISTENS = LiveSocket(socket=LISTENER, holders=(replace(HOLDER, name="nginx"),))
FINE = LiveSocket(socket=replace(SOCKET, source_port=40001), why="this user may not")
GAP = "1 process may not be looked at"


class Made:
    """Sockets that a test makes up; ``may_answer`` holds the answer back."""

    def __init__(self, *sockets: LiveSocket) -> None:
        self.sockets = sockets or (WAITS, LISTENS, FINE)
        self.asked: list[Which] = []
        self.gone = False
        self.may_answer = threading.Event()
        self.may_answer.set()

    def look(self, which: Which) -> Sight:
        assert self.may_answer.wait(10)
        self.asked.append(which)
        if which.pid == 99:
            raise BadInput("there is no process 99, or it has ended; see: ps -e")
        if which.pid == 98:
            raise RuntimeError("a defect")
        return Sight(which=which, settings=NEW, seen=SocketsSeen(sockets=self.sockets, gaps=(GAP,)))

    def look_again(self, sight: Sight, one: LiveSocket) -> LiveSocket | None:
        assert one in sight.seen.sockets
        return None if self.gone else one


def app(made: Made, stage: Stage) -> LayerwalkApp:
    found = stage.app(None)
    found.looker = made
    return found


async def listed(pilot: Pilot[WalkState | None]) -> None:
    await pilot.press("ctrl+l")
    await until_shown(pilot, "worth a look")


async def test_they_are_listed_from_the_start_the_worst_first(stage: Stage) -> None:
    made = Made()
    async with app(made, stage).run_test(size=(80, 24)) as pilot:
        await listed(pilot)
        lines = text_of(pilot).splitlines()
        states = [line.split() for line in lines if " SYN_SENT" in line or " LISTEN" in line]
        assert states[0][:3] == ["►", "?", "SYN_SENT"]
        assert "of this machine: 3, 1 worth a look" in lines[1]
        assert f"not seen: {GAP}" in text_of(pilot)
        assert made.asked == [EVERYTHING]
        await pilot.press("escape")
        await until_shown(pilot, QUESTION)


async def test_a_walk_has_those_with_its_port(stage: Stage) -> None:
    found = stage.app()
    made = found.looker = Made()
    found.pid = 4711
    async with found.run_test() as pilot:
        await until_shown(pilot, "walking")
        await pilot.press("o")
        await until_shown(pilot, "of process 4711 with port 5432 on either end")
        assert made.asked == [Which(pid=4711, port=5432)]
        await pilot.press("escape")
        await until_shown(pilot, "walking")


async def test_a_saved_walk_has_them_too() -> None:
    found = saved(story.whole())
    made = found.looker = Made()
    async with found.run_test() as pilot:
        await until_shown(pilot, "FAULT FOUND")
        await pilot.press("o")
        await until_shown(pilot, "worth a look")
        assert made.asked == [EVERYTHING]


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_one_is_opened_with_its_options_and_what_ends_its_wait(
    stage: Stage, size: tuple[int, int]
) -> None:
    async with app(Made(), stage).run_test(size=size) as pilot:
        await listed(pilot)
        await pilot.press("enter")
        await until_shown(pilot, "Socket of ")
        text = text_of(pilot)
        for part in ("first ", "(ETIMEDOUT)", "SO_RCVTIMEO", "TCP_SYNCNT", "ss -tanoemip 'src "):
            assert part in text, text
        assert "\x1b" not in text
        await pilot.press("escape")
        await until_shown(pilot, "worth a look")


async def test_one_that_is_gone_is_said_to_be(stage: Stage) -> None:
    made = Made()
    async with app(made, stage).run_test() as pilot:
        await listed(pilot)
        made.gone = True
        await pilot.press("j", "enter")
        await until_shown(pilot, GONE)


async def test_others_are_asked_for_by_process_or_port(stage: Stage) -> None:
    made = Made()
    async with app(made, stage).run_test() as pilot:
        await listed(pilot)
        await pilot.press("f", *":443", "enter")
        await until_shown(pilot, "with port 443 on either end: 3")
        await pilot.press("f", *["backspace"] * 4, *"4711", "enter")
        await until_shown(pilot, "of process 4711: 3")
        await pilot.press("f", *["backspace"] * 4, "enter")
        await until_shown(pilot, "of this machine: 3")
        asked = [EVERYTHING, Which(port=443), Which(pid=4711), EVERYTHING]
        assert made.asked == asked
        await pilot.press("r")
        await until(pilot, lambda: made.asked == [*asked, EVERYTHING])


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (":0", "is no port"),
        ("nginx", "a port is written :PORT"),
        ("99", "there is no process 99"),
        ("98", "RuntimeError: a defect"),
    ],
)
async def test_what_can_not_be_looked_at_gets_one_line(stage: Stage, typed: str, why: str) -> None:
    async with app(Made(), stage).run_test(size=(120, 24)) as pilot:
        await listed(pilot)
        await pilot.press("f", *typed, "enter")
        await until_shown(pilot, why)


async def test_keys_go_to_the_line_and_back(stage: Stage) -> None:
    async with app(Made(), stage).run_test() as pilot:
        await listed(pilot)
        await pilot.press("f", "r", "q")
        assert pilot.app.screen.query_one(Input).value == "rq"
        await pilot.press("escape")
        assert not pilot.app.screen.query_one(Input).has_focus
        await pilot.press("?")
        await until_shown(pilot, "Help")


async def test_what_comes_late_is_no_matter(stage: Stage) -> None:
    made = Made()
    made.may_answer.clear()
    async with app(made, stage).run_test() as pilot:
        await pilot.press("ctrl+l")
        await until_shown(pilot, LOOKING)
        await pilot.press("f", *":443", "enter")
        made.may_answer.set()
        await until_shown(pilot, "with port 443 on either end: 3")
        await until(pilot, lambda: len(made.asked) == 2)
        assert "with port 443" in text_of(pilot)


async def test_what_is_redacted_is_never_shown(stage: Stage) -> None:
    found = app(Made(), stage)
    found.veil = lambda text: text.replace("198.51.100.10", "203.0.113.1").replace("nginx", "*")
    async with found.run_test(size=(160, 40)) as pilot:
        await listed(pilot)
        assert "198.51.100.10" not in text_of(pilot)
        await pilot.press("enter")
        await until_shown(pilot, "ss -tanoemip")
        assert "198.51.100.10" not in text_of(pilot)


async def test_where_there_are_none_it_says_so(stage: Stage) -> None:
    made = Made()
    async with app(made, stage).run_test() as pilot:
        await listed(pilot)
        made.sockets = ()
        await pilot.press("f", *":443", "enter")
        await until_shown(pilot, "There is no TCP socket with port 443 on either end now.")
        assert "recv-q" not in text_of(pilot)


def test_no_more_rows_than_anybody_reads() -> None:
    many = tuple(replace(FINE, socket=replace(SOCKET, inode=n)) for n in range(1, MOST + 9))
    sight = Sight(seen=SocketsSeen(sockets=many), settings=NEW)
    rows = socket_rows(sight, Lettering())
    assert len(rows) == MOST
    assert socket_note(sight, rows) == f"{MOST} of {MOST + 8}"


def test_what_programs_call_themselves_has_no_effect() -> None:
    sight = Sight(seen=SocketsSeen(sockets=(WAITS,)), settings=NEW)
    (row,) = socket_rows(sight, Lettering(unicode=False))
    details = socket_details(WAITS, sight, 76, Lettering(unicode=False))
    for text in (row.whole, row.cells["whose"].text, details.title, details.content.plain):
        assert "\x1b" not in text
        assert text.isascii()


@pytest.mark.parametrize("nameless", [True, False])
def test_the_kernel_is_looked_at(*, nameless: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        looker = Kernel(nameless=nameless)
        sight = looker.look(Which(port=server.getsockname()[1]))
        (one,) = sight.seen.sockets
        again = looker.look_again(sight, one)
        assert again is not None
        assert again.options is not None
        assert {bool(it.name) for it in (*one.holders, *again.holders)} == {not nameless}
    assert looker.look_again(sight, one) is None
