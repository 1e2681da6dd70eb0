"""The list of the recent sessions on the start screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from layerwalk.session.journal.recent import Recent
from layerwalk.tui.columns import SESSIONS
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.sessions import recent_rows


class RecentSessions(Vertical):
    """The list of the recent sessions; out of sight as long as there are none."""

    def __init__(self, lettering: Lettering) -> None:
        super().__init__(classes="-none")
        self.rows = Rows(SESSIONS, lettering)
        self._lettering = lettering

    def compose(self) -> ComposeResult:
        """Put the list under its heading."""
        yield Static(Content.styled("Recent sessions", "bold"), markup=False)
        yield self.rows

    def show(self, sessions: Sequence[Recent]) -> None:
        """Fill the list."""
        self.rows.show(recent_rows(sessions, self._lettering))
        self.set_class(not sessions, "-none")
