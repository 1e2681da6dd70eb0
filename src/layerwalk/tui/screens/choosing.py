"""The screen that asks which of several sessions of one file is to be shown."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from layerwalk.session.reopened.sessions import Session
from layerwalk.tui.columns import SESSIONS
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.lines import KeyLine
from layerwalk.tui.panes.pane import Pane
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.sessions import session_rows
from layerwalk.tui.panes.too_small import TooSmall


class ChoosingScreen(Screen[None]):
    """Lists the sessions; Enter opens one, and coming back from it chooses again."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = bindings(Place.CHOOSING, but="submit")

    class Chosen(Message):
        """A session was chosen."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def __init__(self, sessions: Sequence[Session], lettering: Lettering) -> None:
        super().__init__()
        self._sessions = tuple(sessions)
        self._lettering = lettering
        self._rows = Rows(SESSIONS, lettering)

    def compose(self) -> ComposeResult:
        """Lay the list out, the keys below it."""
        yield TooSmall(self._lettering)
        with Vertical(classes="body"):
            title = f"{len(self._sessions)} sessions in this file"
            yield Pane("sessions", title, self._rows, self._lettering)
            yield KeyLine(self._lettering, briefs(Place.CHOOSING))

    def on_mount(self) -> None:
        """Fill the list."""
        self._rows.show(session_rows(self._sessions, self._lettering))
        self._rows.focus()

    def on_rows_opened(self) -> None:
        """Open the chosen one."""
        self.post_message(self.Chosen(self._sessions[int(self._rows.key)]))
