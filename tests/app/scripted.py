"""A walk that plays what a test tells it, when the test tells it."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable

from textual.pilot import Pilot

from layerwalk.probes.facts.target import Target
from layerwalk.session.events import Event
from layerwalk.session.guided.decisions import Decision
from layerwalk.session.reopened.sessions import Session
from layerwalk.session.state import WalkState, fold
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.walking import Listener

TARGET = Target(input="db.example.org:5432", host="db.example.org", port=5432)
CROSS = "\N{MULTIPLICATION SIGN}"
_PATIENCE_S, _PAUSE_S = 20, 0.5


class ScriptedWalk:
    """Passes on what ``play`` gives it until ``stop``, ``end``, or the error of ``fail``."""

    def __init__(self, target: Target, listen: Listener) -> None:
        self.target = target
        self.listen = listen
        self.stopped = threading.Event()
        self.over = threading.Event()
        self.decided: list[Decision] = []
        self._script: queue.Queue[Event | Exception | None] = queue.Queue()

    def play(self, *events: Event) -> None:
        for event in events:
            self._script.put(event)

    def fail(self, error: Exception) -> None:
        self._script.put(error)

    def end(self) -> None:
        self._script.put(None)

    def run(self) -> WalkState:
        try:
            return self._run()
        finally:
            self.over.set()

    def _run(self) -> WalkState:
        state = WalkState()
        while (said := self._script.get()) is not None:
            if isinstance(said, Exception):
                raise said
            state = fold(state, said)
            self.listen(said)
        return state

    def stop(self, reason: str = "interrupted") -> None:
        del reason
        self.stopped.set()
        self._script.put(None)

    def decide(self, decision: Decision) -> None:
        self.decided.append(decision)


class Stage:
    """Begins scripted walks and remembers them."""

    def __init__(self) -> None:
        self.walks: list[ScriptedWalk] = []

    def begin(self, target: Target, listen: Listener) -> ScriptedWalk:
        self.walks.append(ScriptedWalk(target, listen))
        return self.walks[-1]

    @property
    def walk(self) -> ScriptedWalk:
        return self.walks[-1]

    def app(self, target: Target | None = TARGET, *, reticent: bool = False) -> LayerwalkApp:
        app = LayerwalkApp(self.begin, target)
        app.reticent = reticent
        return app


class Unwalkable:
    """Begins nothing: for apps that must not walk."""

    def begin(self, target: Target, listen: Listener) -> ScriptedWalk:
        raise AssertionError(target, listen)


def saved(*states: WalkState) -> LayerwalkApp:
    return LayerwalkApp(Unwalkable().begin, saved=[Session(state=state) for state in states])


def text_of(pilot: Pilot[WalkState | None]) -> str:
    """Give what stands on the screen, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def until(pilot: Pilot[WalkState | None], true: Callable[[], bool]) -> None:
    """Wait until something is so; fail, with the screen, where it never comes."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while not true():
                await _pause(pilot)
    except TimeoutError:
        raise AssertionError(text_of(pilot)) from None


async def _pause(pilot: Pilot[WalkState | None]) -> None:
    """Let the app work; Textual's own pause waits in vain for a widget that was just removed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PAUSE_S):
            await pilot.pause()


async def until_shown(pilot: Pilot[WalkState | None], text: str) -> None:
    """Wait until a text stands on the screen."""
    await until(pilot, lambda: text in text_of(pilot))
