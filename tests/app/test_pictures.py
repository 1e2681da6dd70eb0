"""How it looks: frozen states as SVG. Look at each before you accept a new one."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from layerwalk.session.journal.recent import Recent
from layerwalk.session.reopened.sessions import Session
from layerwalk.session.state import WalkState, folded
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.consent_text import consent_details
from layerwalk.tui.screens.consent import ConsentScreen
from tests.app import story
from tests.app.scripted import Unwalkable, saved, until_shown
from tests.app.test_guided import BEGUN, CONNECT, ECHO, SYN, offered
from tests.app.test_sockets import Made

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def listed(pilot: Pilot[WalkState | None]) -> None:
    await until_shown(pilot, "Recent sessions")


def test_the_start_at_80(snap_compare: Compare) -> None:
    assert snap_compare(LayerwalkApp(Unwalkable().begin))


def test_the_start_with_recent_sessions(snap_compare: Compare) -> None:
    began = "2026-01-31T12:00:00.000Z"
    sessions = [
        Recent(path=Path("c"), started=began, target="https://api.example.org/", goes_on=True),
        Recent(path=Path("b"), started=began, target="[2001:db8::10]:22", outcome="healthy"),
        Recent(
            path=Path("a"),
            started=began,
            target="db.example.org:5432",
            outcome="fault",
            cause="firewall-drop",
        ),
        Recent(path=Path("d"), started=began, target="db.example.org:5432"),
    ]
    app = LayerwalkApp(Unwalkable().begin, recent=lambda: sessions)
    assert snap_compare(app, run_before=listed)


def test_a_replay_at_80(snap_compare: Compare) -> None:
    session = Session(state=story.whole(), events=story.ALL)
    assert snap_compare(
        LayerwalkApp(Unwalkable().begin, saved=[session]), press=["s", *["comma"] * 6]
    )


def test_the_verdict_at_80(snap_compare: Compare) -> None:
    assert snap_compare(saved(story.whole()))


def test_the_steps_at_80(snap_compare: Compare) -> None:
    assert snap_compare(saved(story.whole()), press=["s"])


def test_all_panes_at_130(snap_compare: Compare) -> None:
    assert snap_compare(saved(story.whole()), terminal_size=(130, 36))


def test_the_steps_without_colour(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(saved(story.whole()), press=["s", "j"])


def test_the_verdict_in_ascii(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert snap_compare(saved(story.whole()))


def test_an_error_line_at_80(snap_compare: Compare) -> None:
    async def paste(pilot: Pilot[WalkState | None]) -> None:
        text = (
            'Get "https://api.example.org/x": dial tcp 192.0.2.5:443: i/o timeout\n'
            "curl: (28) Failed to connect to db port 5432 after 5001 ms: Timeout was reached\n"
        )
        pilot.app.screen.query_one(Input).post_message(events.Paste(text))
        await until_shown(pilot, "counts as --timeout")

    assert snap_compare(LayerwalkApp(Unwalkable().begin), run_before=paste)


@pytest.mark.parametrize("letters", ["C.UTF-8", "C"])
@pytest.mark.parametrize("size", [(80, 24), (130, 30)])
def test_a_guided_step(
    snap_compare: Compare, size: tuple[int, int], letters: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guided walk, replayed up to an offer."""
    monkeypatch.setenv("LC_ALL", letters)
    events = (*BEGUN, offered(ECHO, SYN, CONNECT), *story.JUDGED)
    session = Session(state=folded(events), events=events)
    app = LayerwalkApp(Unwalkable().begin, saved=[session])
    assert snap_compare(app, press=["comma", "comma", "d"], terminal_size=size)


def with_sockets() -> LayerwalkApp:
    app = LayerwalkApp(Unwalkable().begin)
    app.looker = Made()
    return app


async def listed_sockets(pilot: Pilot[WalkState | None]) -> None:
    await pilot.press("ctrl+l")
    await until_shown(pilot, "worth a look")


async def opened_socket(pilot: Pilot[WalkState | None]) -> None:
    await listed_sockets(pilot)
    await pilot.press("enter")
    await until_shown(pilot, "ss -tanoemip")


@pytest.mark.parametrize("letters", ["C.UTF-8", "C"])
@pytest.mark.parametrize("size", [(80, 24), (130, 30)])
def test_the_sockets(
    snap_compare: Compare, size: tuple[int, int], letters: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", letters)
    assert snap_compare(with_sockets(), run_before=listed_sockets, terminal_size=size)


def test_a_socket_without_colour(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(with_sockets(), run_before=opened_socket)


def test_the_question_before_rules_are_changed(snap_compare: Compare) -> None:
    async def asked(pilot: Pilot[WalkState | None]) -> None:
        details = consent_details(story.whole(), Lettering())
        pilot.app.push_screen(ConsentScreen(details, Lettering()))
        await until_shown(pilot, "y yes")

    assert snap_compare(saved(story.whole()), run_before=asked)
