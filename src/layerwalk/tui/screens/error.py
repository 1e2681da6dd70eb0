"""The screen that says what a pasted error line means, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from layerwalk.probes.facts.target import Target
from layerwalk.session.error_lines import ErrorLine
from layerwalk.tui.columns import ERRORS
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.errors import error_rows, error_text
from layerwalk.tui.panes.lines import KeyLine
from layerwalk.tui.panes.pane import Pane
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.too_small import TooSmall
from layerwalk.tui.screens.dialog import Reading

_MOST_ROWS = 6
_AROUND = 3
"""Heading, column titles, and the whole of the chosen line."""


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A failure to walk from: its target, and the text's other targets, which are not walked."""

    target: Target
    line: ErrorLine
    others: tuple[str, ...] = ()


class ErrorScreen(Screen[Picked | None]):
    """Shows what the text says; Enter walks to the chosen target, Esc goes back.

    Its result is what was picked, or nothing. The last failure of the text is chosen first.
    """

    CSS_PATH = "error.tcss"
    BINDINGS = bindings(Place.ERROR, but="submit")

    def __init__(self, errors: Sequence[ErrorLine], lettering: Lettering) -> None:
        super().__init__()
        self._errors = tuple(it for it in reversed(errors) if it.target)
        self._lettering = lettering
        self._rows = Rows(ERRORS, lettering)

    def compose(self) -> ComposeResult:
        """Lay out the targets, and below them what is said of the chosen one."""
        letters, count = self._lettering, len(self._errors)
        yield TooSmall(letters)
        with Vertical(classes="body"):
            title = (
                "The text names one target" if count == 1 else f"{count} targets, the last first"
            )
            targets = Pane("targets", title, self._rows, letters)
            targets.styles.height = _AROUND + min(count, _MOST_ROWS)
            yield targets
            reading = Reading(Static("", id="said", markup=False), can_focus=False)
            yield Pane("reading", "What this line says", reading, letters)
            yield KeyLine(letters, briefs(Place.ERROR))

    def on_mount(self) -> None:
        """Fill the list."""
        self._rows.show(error_rows(self._errors, self._lettering))
        self._rows.focus()
        self._say()

    def on_rows_chose(self) -> None:
        """Show what is said of another target."""
        self._say()

    def _say(self) -> None:
        text = error_text(self._chosen, self._lettering)
        self.query_one("#said", Static).update(text)

    @property
    def _chosen(self) -> ErrorLine:
        return self._errors[int(self._rows.key or 0)]

    def on_rows_opened(self) -> None:
        """Walk to the chosen target."""
        line = self._chosen
        if line.target is None:  # pragma: no cover - those were left out
            return
        others = [it.target.input for it in self._errors if it.target and it is not line]
        self.dismiss(Picked(target=line.target, line=line, others=tuple(others)))

    def action_close(self) -> None:
        """Go back to the line."""
        self.dismiss(None)
