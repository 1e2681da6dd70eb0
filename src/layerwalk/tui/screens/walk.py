"""The walk screen: steps, path, evidence and verdict of one walk, live or read back from a file."""

from __future__ import annotations

import time

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from layerwalk.probes.facts.target import Target
from layerwalk.session.state import WalkState, report_of
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.board import DECIDE, Board
from layerwalk.tui.panes.lines import (
    KeyLine,
    Line,
    Tabs,
    Title,
    in_short,
    standing,
    target_in_words,
)
from layerwalk.tui.panes.too_small import TooSmall
from layerwalk.tui.panes.waiting import ended_text, no_verdict_text, waiting_text
from layerwalk.tui.screens.consenting import ConsentingScreen
from layerwalk.tui.screens.copying import copy
from layerwalk.tui.screens.dialog import Dialog
from layerwalk.tui.screens.saving import SavingScreen
from layerwalk.tui.walking import Begin

_TICK_S = 1.0
_SAID_S = 6.0
"""How long a message keeps the status line while a walk runs."""

_ABSENT = {
    "path": "no path is walked: this machine is the target, and the steps say what was seen here",
    "decide": "no step waits for you: m goes on guided, while a walk is under way",
}


class WalkScreen(ConsentingScreen):
    """Shows one walk. Without ``begin`` it is a saved one, to be read only."""

    CSS_PATH = "walk.tcss"
    BINDINGS = bindings(Place.WALK)

    class Left(Message):
        """The person wants another target."""

        def __init__(self, typed: str) -> None:
            super().__init__()
            self.typed = typed

    def __init__(
        self,
        begin: Begin | None,
        target: Target | None,
        lettering: Lettering,
        state: WalkState | None = None,
    ) -> None:
        super().__init__(begin, target, state or WalkState(), lettering)
        self._judged = self.state.verdict is not None
        self._said = ("", 0.0)
        self.typed = target.input if target else ""
        self.board = Board(lettering, "verdict" if self._judged else "steps")

    def compose(self) -> ComposeResult:
        """Lay the panes out between the lines above and below them."""
        letters = self._lettering
        yield TooSmall(letters)
        with Vertical(classes="body"):
            yield Title(letters)
            yield Tabs(letters)
            yield self.board
            yield Line(letters, name="status")
            yield KeyLine(letters, ())

    async def on_mount(self) -> None:
        """Begin to walk, or show what was saved."""
        self.set_interval(_TICK_S, self.tick)
        if not self.walk():
            await self.show_state()

    async def show_state(self) -> None:
        """Show the state in all panes; a new verdict comes to the front."""
        await self.board.show(self.state, no_verdict_text(self.state, self.error))
        if self.state.verdict and not self._judged:
            self.board.bring("verdict")
            self._said = ("", 0.0)
        self._judged = self.state.verdict is not None
        self.show_lines()
        self.ask_once()

    def show_lines(self) -> None:
        """Say how it stands, in the lines above and below the panes."""
        stands = standing(self.state, self.error)
        name = target_in_words(self.state, self.typed)
        self.query_one(Title).show(name, stands, self.elapsed_s, running=self.under_way)
        self.query_one(TooSmall).verdict = self._lettering.text(in_short(self.state))
        needless = {
            "stop": not self.under_way,
            "again": self.under_way or self._begin is None,
            "write": self.state.verdict is None,
            "mode": not self.under_way,
            "trace": not self.may_ask,
        }
        but = " ".join(action for action, it_is in needless.items() if it_is)
        deciding = self.deciding_keys() if self.board.front == DECIDE else []
        self.query_one(KeyLine).show(deciding or briefs(Place.WALK, but=but))
        text, until = self._said
        if not text or (self.under_way and time.monotonic() > until):
            text = waiting_text(self.state, self.elapsed_s) if self.under_way else ""
            text = text or ended_text(self.state, self.error)
        self.query_one("#status", Line).say(self._lettering.text(text))

    def tell(self, text: str | None) -> None:
        """Say something in the status line."""
        if text:
            self._said = (text, time.monotonic() + _SAID_S)
            self.show_lines()

    def on_board_turned(self, message: Board.Turned) -> None:
        """Mark the pane that is in front."""
        self.query_one(Tabs).show(message.front, self.board.panes)
        self.show_lines()

    def on_rows_opened(self) -> None:
        """Show all that is known of a line, or the lines that it stands for."""
        if self.board.unfold():
            return
        details = self.board.details()
        if details:
            self.app.push_screen(Dialog(details, self._lettering))

    def action_pane(self, name: str) -> None:
        """Bring a pane to the front, or say why it isn't there."""
        if name in self.board.panes:
            self.board.bring(name)
        else:
            self.tell(_ABSENT[name])

    def action_next_pane(self, by: int) -> None:
        """Bring the next pane to the front, or the one before."""
        self.board.turn(by)

    def action_copy(self, number: int = 0) -> None:
        """Copy the command of what is chosen, or of a recommendation by its number."""
        verdict = self.board.verdict
        command = verdict.choose(number) if number else self.board.command
        self.tell(copy(self.app, command, self._lettering))

    def action_write(self) -> None:
        """Ask for a file and write the report."""
        if self.state.verdict is None:
            self.tell("there is nothing to write before there is a verdict; x brings it on")
            return
        self.app.push_screen(SavingScreen(report_of(self.state), self._lettering), self.tell)

    def action_again(self) -> None:
        """Walk once more."""
        self._judged, self._said = False, ("", 0.0)
        if self.walk():
            self.board.bring("steps")
        else:
            self.tell("this is a saved report: n asks for a target to walk to")

    def action_new(self) -> None:
        """Ask for another target."""
        self.post_message(self.Left(self.typed))

    def action_stop(self) -> None:
        """End the walk early."""
        if self.under_way:
            self.tell("stopping; the verdict will rest on what was measured until now")
            self.halt()
