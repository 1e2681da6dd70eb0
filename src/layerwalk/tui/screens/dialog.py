"""A screen over the walk with one thing to read: details, or the help."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.details import Details
from layerwalk.tui.panes.lines import KeyLine, Line
from layerwalk.tui.panes.pane import Pane
from layerwalk.tui.panes.too_small import TooSmall
from layerwalk.tui.screens.copying import copy


class Reading(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Text that scrolls."""


class Dialog(Screen[None]):
    """Text to read, and perhaps a command to copy; Esc closes it."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = bindings(Place.DIALOG)

    def __init__(self, details: Details, lettering: Lettering) -> None:
        super().__init__()
        self._details = details
        self._lettering = lettering

    def compose(self) -> ComposeResult:
        """Lay the text out, the keys below it."""
        letters, no_copy = self._lettering, "" if self._details.command else "copy"
        yield TooSmall(letters)
        with Vertical(classes="body"):
            reading = Reading(Static(self._content(), markup=False))
            yield Pane("reading", self._details.title, reading, letters)
            yield Line(letters, name="status")
            yield KeyLine(letters, briefs(Place.DIALOG, but=no_copy))

    def _content(self) -> Content:
        return self._details.content

    def action_close(self) -> None:
        """Go back to what was there before."""
        self.dismiss()

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(Reading).scroll_relative(y=by, animate=False)

    def action_copy(self) -> None:
        """Copy the command, where there is one."""
        told = copy(self.app, self._details.command, self._lettering)
        self.query_one("#status", Line).say(told)
