"""The question before this machine's rules are changed: yes needs a key of its own."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.details import Details
from layerwalk.tui.panes.lines import KeyLine
from layerwalk.tui.panes.pane import Pane
from layerwalk.tui.panes.too_small import TooSmall
from layerwalk.tui.screens.dialog import Reading


class ConsentScreen(Screen[bool]):
    """Gives whether a person agrees; only the key for yes does."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = bindings(Place.CONSENT)

    def __init__(self, details: Details, lettering: Lettering) -> None:
        super().__init__()
        self._details = details
        self._lettering = lettering

    def compose(self) -> ComposeResult:
        """Lay the text out, the keys below it."""
        letters = self._lettering
        yield TooSmall(letters)
        with Vertical(classes="body"):
            reading = Reading(Static(self._details.content, markup=False))
            yield Pane("reading", self._details.title, reading, letters)
            yield KeyLine(letters, briefs(Place.CONSENT))

    def action_agree(self) -> None:
        """Say yes."""
        self.dismiss(result=True)

    def action_refuse(self) -> None:
        """Say no."""
        self.dismiss(result=False)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(Reading).scroll_relative(y=by, animate=False)
