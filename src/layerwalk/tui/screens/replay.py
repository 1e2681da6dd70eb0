"""A saved walk: read only, and, where its course was recorded, at any pace from its beginning."""

from __future__ import annotations

from textual.timer import Timer

from layerwalk.session.reopened.sessions import Session
from layerwalk.session.state import folded
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.lines import KeyLine, Title, target_in_words
from layerwalk.tui.screens.walk import WalkScreen
from layerwalk.tui.words import Word

LONGEST_S = 2.0
"""The longest wait between two events of a replay, however long the walk waited."""
SHORTEST_S = 0.02
PACES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
AS_IT_WAS = 2


REPLAYED = Word("REPLAY", Sign.RUNNING)


def pause_s(from_s: float, to_s: float, pace: float) -> float:
    """Give the time between two events of a replay, in seconds."""
    return max(SHORTEST_S, min((to_s - from_s) / pace, LONGEST_S))


class ReplayScreen(WalkScreen):
    """Shows a saved session as it ended; its course can be gone through again. Nothing is sent."""

    BINDINGS = bindings(Place.REPLAY)

    def __init__(self, session: Session, lettering: Lettering) -> None:
        super().__init__(None, None, lettering, session.state)
        self._session = session
        self._at = len(session.events)
        self._pace = AS_IT_WAS
        self._next: Timer | None = None

    async def on_mount(self) -> None:
        """Say what is missing of the session."""
        lines = self._session.unreadable
        if lines:
            many = "1 line" if lines == 1 else f"{lines} lines"
            self.tell(f"{many} of the journal can't be read and had to be left out")

    @property
    def at_end(self) -> bool:
        """Whether the whole of the session is on show."""
        return self._at >= len(self._session.events)

    def show_lines(self) -> None:
        """Say which keys replay, too, and that this is no walk of now."""
        super().show_lines()
        if not self.at_end:
            name, seconds = target_in_words(self.state, ""), self.elapsed_s
            self.query_one(Title).show(name, REPLAYED, seconds, running=False)
        if self._session.events:
            keys = [*briefs(Place.REPLAY), *briefs(Place.WALK, but="stop again mode trace")]
            self.query_one(KeyLine).show(keys)

    def action_replay(self) -> None:
        """Go on from here, from the beginning where all is on show; or stop here."""
        if self._next:
            self._halt()
            self._say()
        elif self._has_course():
            self._go(1 if self.at_end else self._at)
            self._schedule()

    def action_step(self, by: int) -> None:
        """Go on or back by one event."""
        if self._has_course():
            self._halt()
            self._go(self._at + by)

    def action_pace(self, by: int) -> None:
        """Go faster or slower."""
        self._pace = min(max(0, self._pace + by), len(PACES) - 1)
        if self._has_course():
            self._say()

    def _has_course(self) -> bool:
        if not self._session.events:
            self.tell("a report holds no course to replay; a journal does: layerwalk open")
        return bool(self._session.events)

    def _schedule(self) -> None:
        events = self._session.events
        if self.at_end:
            return
        pause = pause_s(events[self._at - 1].at_s, events[self._at].at_s, PACES[self._pace])
        self._next = self.set_timer(pause, self._advance)

    def _advance(self) -> None:
        self._next = None
        self._go(self._at + 1)
        self._schedule()

    def _halt(self) -> None:
        if self._next:
            self._next.stop()
            self._next = None

    def _go(self, at: int) -> None:
        """Show the state that there was after so many events."""
        events = self._session.events
        self._at = min(max(1, at), len(events))
        self.state = self._session.state if self.at_end else folded(events[: self._at])
        self._say()
        self.changed()

    def _say(self) -> None:
        pace = f"{PACES[self._pace]:g}"
        self.tell(
            f"replay: event {self._at} of {len(self._session.events)},"
            f" {self.state.seconds:.1f} s; pace {pace}"
        )
