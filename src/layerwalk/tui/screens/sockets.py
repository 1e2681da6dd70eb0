"""The sockets of this machine or of a process: a list, from which one is opened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.session.sockets import Sight, Which
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.sockets import which_of
from layerwalk.tui.columns import SOCKETS
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.looking import Looker
from layerwalk.tui.panes.cells import Row
from layerwalk.tui.panes.details import Details
from layerwalk.tui.panes.lines import KeyLine, Line
from layerwalk.tui.panes.pane import Pane
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.sockets import (
    Veil,
    key_of,
    nothing_seen,
    socket_details,
    socket_note,
    socket_rows,
    which_in_words,
)
from layerwalk.tui.panes.too_small import TooSmall
from layerwalk.tui.screens.dialog import Dialog

LOOKING = "looking ..."
GONE = "that socket is gone; r looks again"
_EDGES = 4


class SocketsScreen(Screen[None]):
    """Lists sockets, the worst first, and opens one. It looks in threads: the screen stays free."""

    CSS_PATH = "sockets.tcss"
    BINDINGS = bindings(Place.SOCKETS, but="submit")

    class Seen(Message):
        """Sockets were looked at."""

        def __init__(self, number: int, sight: Sight, rows: Sequence[Row]) -> None:
            super().__init__()
            self.number = number
            self.sight = sight
            self.rows = rows

    class Opened(Message):
        """One of them was looked at; there are no details where it is gone."""

        def __init__(self, number: int, details: Details | None) -> None:
            super().__init__()
            self.number = number
            self.details = details

    class Failed(Message):
        """Nothing could be seen."""

        def __init__(self, number: int, why: str) -> None:
            super().__init__()
            self.number = number
            self.why = why

    def __init__(
        self, which: Which, looker: Looker, lettering: Lettering, veil: Veil = str
    ) -> None:
        super().__init__()
        self.which = which
        self._looker = looker
        self._lettering = lettering
        self._veil = veil
        self._sight = Sight(which=which)
        self._number = 0
        self._rows = Rows(SOCKETS, lettering)

    def compose(self) -> ComposeResult:
        """Lay out the line that says which, the list, and the keys below it."""
        letters = self._lettering
        yield TooSmall(letters)
        with Vertical(classes="body"):
            with Horizontal(id="which"):
                yield Static("PID or :PORT (empty: all) ", markup=False)
                yield Input(_typed(self.which), id="target", compact=True)
            yield Pane("sockets", "Sockets", self._rows, letters)
            yield Line(letters, name="status", most=3)
            yield KeyLine(letters, briefs(Place.SOCKETS))

    def on_mount(self) -> None:
        """Look at once."""
        self.query_one(Input).cursor_blink = False
        self._rows.focus()
        self.action_again()

    def action_again(self) -> None:
        """Look at the sockets as they are now."""
        which = self.which
        self._say(f"{LOOKING} at the sockets {which_in_words(which)}")
        self._rows.empty = ""
        self._begin(lambda number: self._looked(number, which))

    def action_which(self) -> None:
        """Let the person say which sockets."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look at others, or say why not."""
        try:
            pid, port = which_of(event.value.strip()) if event.value.strip() else (None, None)
        except BadInput as refusal:
            self._say(str(refusal))
            return
        self.which = Which(pid=pid, port=port, version=self.which.version)
        self._rows.focus()
        self.action_again()

    def action_close(self) -> None:
        """Go from the line to the list, and from there back to what was before."""
        if self.query_one(Input).has_focus:
            self._rows.focus()
        else:
            self.dismiss()

    def on_rows_opened(self) -> None:
        """Look at the chosen one again, with its options."""
        key, sight = self._rows.key, self._sight
        one = next((it for it in sight.seen.sockets if key_of(it) == key), None)
        if one is not None:
            width = self.size.width - _EDGES
            self._begin(lambda number: self._opened(number, sight, one, width))

    def _begin(self, work: Callable[[int], Message]) -> None:
        """Do something beside; what it brings is taken unless something else was begun since."""
        self._number += 1
        number = self._number

        def told() -> None:
            try:
                message = work(number)
            except BadInput as refusal:
                message = self.Failed(number, str(refusal))
            except Exception as error:  # noqa: BLE001 - a defect of ours becomes one clear line
                message = self.Failed(number, f"{type(error).__name__}: {error}")
            self.post_message(message)

        threading.Thread(target=told, name="sockets", daemon=True).start()

    def _looked(self, number: int, which: Which) -> Message:
        sight = self._looker.look(which)
        return self.Seen(number, sight, socket_rows(sight, self._lettering, self._veil))

    def _opened(self, number: int, sight: Sight, one: LiveSocket, width: int) -> Message:
        found = self._looker.look_again(sight, one)
        if found is None:
            return self.Opened(number, None)
        return self.Opened(number, socket_details(found, sight, width, self._lettering, self._veil))

    def on_sockets_screen_seen(self, message: Seen) -> None:
        """Show what was seen, and what could not be."""
        if message.number != self._number:
            return
        self._sight = message.sight
        self._rows.empty = nothing_seen(self.which)
        self._rows.show(message.rows)
        note = socket_note(message.sight, message.rows)
        self.query_one("#sockets", Pane).heading.note(f"{which_in_words(self.which)}: {note}")
        gaps = "; ".join(message.sight.seen.gaps)
        self._say(f"not seen: {gaps}" if gaps else "")

    def on_sockets_screen_opened(self, message: Opened) -> None:
        """Show one, or say that it is gone."""
        if message.number != self._number:
            return
        if message.details is None:
            self._say(GONE)
        else:
            self.app.push_screen(Dialog(message.details, self._lettering))

    def on_sockets_screen_failed(self, message: Failed) -> None:
        """Say why nothing could be seen."""
        if message.number == self._number:
            self._say(message.why)

    def _say(self, text: str) -> None:
        self.query_one("#status", Line).say(self._lettering.text(self._veil(text)))


def _typed(which: Which) -> str:
    if which.pid is not None:
        return str(which.pid)
    return f":{which.port}" if which.port is not None else ""
