"""The screen that asks where to write the report, and writes it."""

from __future__ import annotations

import re
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from layerwalk.session.report import Report, TargetEntry
from layerwalk.session.saving import check_destination, save_report
from layerwalk.session.targets import BadInput
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.lines import KeyLine
from layerwalk.tui.panes.too_small import TooSmall

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


def default_name(target: TargetEntry) -> str:
    """Name a report by its target: ``layerwalk-HOST-PORT.md``."""
    host = _NOT_IN_NAMES.sub("-", target.host).strip("-.") or "target"
    port = f"-{target.port}" if target.port is not None else ""
    return f"layerwalk-{host}{port}.md"


class SavingScreen(Screen[str]):
    """Asks for a file's name until the report is written, or the person changes their mind.

    Its result is a line that says where the report was written; nothing, if it was not.
    """

    CSS_PATH = "start.tcss"
    BINDINGS = bindings(Place.SAVING, but="submit")

    def __init__(self, report: Report, lettering: Lettering) -> None:
        super().__init__()
        self._report = report
        self._lettering = lettering
        self._confirmed = ""

    def compose(self) -> ComposeResult:
        """Lay out the question and the line to type in."""
        yield TooSmall(self._lettering)
        with Vertical(classes="body"):
            with Vertical(id="asking"):
                yield Static("Write the report to which file?", id="question", markup=False)
                yield Input(default_name(self._report.target), id="target", compact=True)
                yield Static("", id="refusal", markup=False)
                yield Static(
                    ".md to read and to post, .txt plain, .json to open it again",
                    id="examples",
                    markup=False,
                )
            yield KeyLine(self._lettering, briefs(Place.SAVING))

    def on_mount(self) -> None:
        """Let the person type at once."""
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the report, or say in one line why it can't be."""
        try:
            path = check_destination(str(Path(event.value.strip()).expanduser()))
            if path.exists() and self._confirmed != event.value:
                self._confirmed = event.value
                self._refuse("this file is there already; Enter once more replaces it")
                return
            save_report(self._report, path)
        except (BadInput, RuntimeError) as refusal:
            self._refuse(str(refusal))
        except OSError as error:
            self._refuse(f"not written: {error.strerror or error}")
        else:
            self.dismiss(f"written to {path.absolute()}")

    def on_input_changed(self) -> None:
        """Take the refusal away: it was about what stood there before."""
        self._refuse("")

    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss("")

    def _refuse(self, text: str) -> None:
        self.query_one("#refusal", Static).update(Content(self._lettering.text(text)))
