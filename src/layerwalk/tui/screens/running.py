"""The half of the walk screen that runs walks: threads there, one frozen state here."""

from __future__ import annotations

import time
from functools import partial

from textual import work
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import MountError
from textual.worker import Worker, get_current_worker

from layerwalk.probes.facts.target import Target
from layerwalk.session.events import Event, PathSeen
from layerwalk.session.guided.decisions import Switch
from layerwalk.session.state import WalkState, fold, halted
from layerwalk.tui.walking import Begin, Walking

PACE_S = 0.25
"""The least time between two paintings of the state."""


class Happened(Message):
    """An event of a run of the walk; posted from the walk's threads."""

    def __init__(self, run: int, event: Event) -> None:
        super().__init__()
        self.run = run
        self.event = event

    def can_replace(self, message: Message) -> bool:
        """Tell whether this makes an older message needless: the newer path holds the older."""
        return (
            isinstance(message, Happened)
            and message.run == self.run
            and isinstance(self.event, PathSeen)
            and isinstance(message.event, PathSeen)
        )


class RunningScreen(Screen[None]):
    """Runs walks, one at a time, in a thread of their own.

    The thread only posts events. They are folded here into ``state``, which is replaced as a whole
    and handed to ``show_state`` a few times a second at most. Events of an older run are ignored.
    """

    def __init__(self, begin: Begin | None, target: Target | None, state: WalkState) -> None:
        super().__init__()
        self.state = state
        self.error = ""
        self.guided = False
        """Whether walks begin guided."""
        self._begin = begin
        self.target = target
        """What is walked to; nothing in a saved walk."""
        self._run = 0
        self._walking: Walking | None = None
        self._current: Worker[WalkState] | None = None
        self._began = 0.0
        self._due: Timer | None = None

    @property
    def under_way(self) -> bool:
        """Whether a walk runs whose events are still awaited."""
        return self._walking is not None

    @property
    def elapsed_s(self) -> float:
        """Seconds since the walk began."""
        return time.monotonic() - self._began if self.under_way else self.state.seconds

    def walk(self) -> bool:
        """Stop what runs and walk from the start; tells whether there is anything to walk to."""
        if self._begin is None or self.target is None:
            return False
        self.halt()
        self._run += 1
        self.state, self.error = WalkState(), ""
        self._began = time.monotonic()
        try:
            self._walking = self._begin(self.target, partial(self._listen, self._run))
        except Exception as error:  # noqa: BLE001 - a defect of ours becomes one clear line
            self._break_off(error)
            return True
        if self.guided:
            self._walking.decide(Switch(guided=True))
        self._current = self._work(self._walking)
        self.changed()
        return True

    def halt(self) -> None:
        """Stop the walk that runs, if one does; it ends within half a second."""
        if self._walking is not None:
            self._walking.stop()

    def _listen(self, run: int, event: Event) -> None:
        """Take an event from whichever thread of the walk it comes."""
        self.post_message(Happened(run, event))

    @work(thread=True, exclusive=True, group="walk", exit_on_error=False)
    def _work(self, walking: Walking) -> WalkState:
        """Walk, in a thread."""
        if get_current_worker().is_cancelled:
            walking.stop()
        return walking.run()

    def on_happened(self, message: Happened) -> None:
        """Take an event of the current run into the state."""
        if message.run == self._run:
            self.state = fold(self.state, message.event)
            self.changed()

    def on_worker_state_changed(self, message: Worker.StateChanged) -> None:
        """See the end of the current walk, good or bad."""
        worker = message.worker
        if worker is not self._current or not worker.is_finished:
            return
        self._walking = None
        if worker.error is not None:
            self._break_off(worker.error)
        self.changed()

    def _break_off(self, error: BaseException) -> None:
        self.error = f"{type(error).__name__}: {error}"
        self.state = halted(self.state)
        self._walking = None
        self.changed()

    def changed(self) -> None:
        """Have the state shown soon, but not more often than the pace allows."""
        if self._due is None:
            self._due = self.set_timer(PACE_S, self._show)

    def tick(self) -> None:
        """Have the state shown again while a walk runs: the time that it takes is part of it."""
        if self.under_way:
            self.changed()

    async def _show(self) -> None:
        self._due = None
        try:
            await self.show_state()
        except (NoMatches, MountError):
            if self.is_attached and self.app.is_running:
                raise  # else the app is closing: the panes may be gone already

    async def show_state(self) -> None:
        """Show ``state`` as it is now."""

    def on_unmount(self) -> None:
        """Leave no walk behind."""
        self.halt()
