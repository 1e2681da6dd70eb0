"""The start screen: type a target, or paste the error line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from layerwalk.probes.facts.standpoint import AS_CLIENT, Standpoint
from layerwalk.probes.facts.target import Family, Target
from layerwalk.session.journal.recent import Recent
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.asking import QUESTION, examples
from layerwalk.tui.panes.lines import KeyLine
from layerwalk.tui.panes.recent import RecentSessions
from layerwalk.tui.panes.target_line import TargetInput, typed
from layerwalk.tui.panes.too_small import TooSmall
from layerwalk.tui.screens.serving import ServingScreen

if TYPE_CHECKING:
    from layerwalk.session.error_lines import ErrorLine
    from layerwalk.tui.screens.error import Picked


class StartScreen(ServingScreen):
    """Asks for a target until one can be walked to."""

    CSS_PATH = "start.tcss"
    BINDINGS = bindings(Place.START, but="submit")

    class Chosen(Message):
        """A target was typed, or picked out of an error line, that can be walked to."""

        def __init__(
            self,
            target: Target,
            line: ErrorLine | None = None,
            others: tuple[str, ...] = (),
            standpoint: Standpoint = AS_CLIENT,
        ) -> None:
            super().__init__()
            self.target = target
            self.line = line
            self.others = others
            self.standpoint = standpoint

    class Reopened(Message):
        """A recent session was chosen."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    class Found(Message):
        """The recent sessions are known."""

        def __init__(self, sessions: Sequence[Recent]) -> None:
            super().__init__()
            self.sessions = tuple(sessions)

    def __init__(
        self,
        lettering: Lettering,
        text: str = "",
        family: Family | None = None,
        recent: Callable[[], Sequence[Recent]] = tuple,
    ) -> None:
        super().__init__()
        self._recent = recent
        self._lettering = lettering
        self._typed = text
        self._family = family
        self._line: ErrorLine | None = None

    def compose(self) -> ComposeResult:
        """Lay out the question, the line to type in, and the examples."""
        yield TooSmall(self._lettering)
        with Vertical(classes="body"):
            with Vertical(id="asking"):
                yield Static(
                    Content.assemble(
                        ("layerwalk", "bold"),
                        "  finds out, layer by layer, why a connection times out",
                    ),
                    markup=False,
                )
                yield Static(Content.styled(QUESTION, "bold"), id="question", markup=False)
                yield TargetInput(self._typed, id="target", compact=True)
                yield Static("", id="refusal", markup=False)
                yield Static(self.modes(self._typed), id="mode", markup=False)
                yield Static(examples(), id="examples", markup=False)
                yield RecentSessions(self._lettering)
            yield KeyLine(self._lettering, briefs(Place.START, but="recent"))

    def on_mount(self) -> None:
        """Let the person type at once."""
        line = self.query_one(TargetInput)
        line.cursor_blink = False
        line.focus()
        # The disk may be slow, or hang: neither typing nor quitting waits for it.
        threading.Thread(target=self._look, name="recent", daemon=True).start()

    def _look(self) -> None:
        self.post_message(self.Found(self._recent()))

    def on_start_screen_found(self, message: Found) -> None:
        """List the recent sessions, where there are any."""
        self.query_one(RecentSessions).show(message.sessions)
        if message.sessions:
            self.query_one(KeyLine).show(briefs(Place.START))

    def action_recent(self) -> None:
        """Let the keys choose a recent session."""
        sessions = self.query_one(RecentSessions)
        if sessions.rows.rows:
            sessions.rows.focus()

    async def action_leave(self) -> None:
        """Go back to the line, or quit from there."""
        line = self.query_one(TargetInput)
        if line.has_focus:
            await self.app.action_quit()
        line.focus()

    def on_rows_opened(self) -> None:
        """Open the chosen session."""
        self.post_message(self.Reopened(Path(self.query_one(RecentSessions).rows.key)))

    def refuse(self, text: str) -> None:
        """Say in one line why something can't be done."""
        self.query_one("#refusal", Static).update(Content(self._lettering.text(text)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Walk to the target, or say in one line why it can't be."""
        asked = typed(event.value)
        if asked is None or (asked.client and not self.serves(asked)):
            self._read(event.value)
            return
        if self.serves(asked):
            self.look_for_own(asked)
            return
        try:
            target = parse_target(asked.target, self._family)
        except BadInput as refusal:
            self.refuse(str(refusal))
            return
        self.post_message(self.Chosen(target, self._line))

    def walk_as(self, target: Target, standpoint: Standpoint) -> None:
        """Walk to what is this machine's own."""
        self.post_message(self.Chosen(target, standpoint=standpoint))

    def on_target_input_pasted(self, message: TargetInput.Pasted) -> None:
        """Read an error line that was pasted; a port with its client goes into the line."""
        asked = typed(message.text)
        if asked and self.serves(asked):
            self.query_one(TargetInput).value = message.text.strip()
            return
        self._read(message.text)

    def _read(self, text: str) -> None:
        """Say what an error line means, or ask for the target that it lacks."""
        from layerwalk.session.error_lines import read_errors  # its rules take a moment to compile
        from layerwalk.tui.screens.error import ErrorScreen

        try:
            errors = read_errors(text, self._family)
        except BadInput as refusal:
            self.refuse(str(refusal))
            return
        if errors[-1].target is not None:
            self.app.push_screen(ErrorScreen(errors, self._lettering), self._picked)
            return
        self._line = errors[-1]
        self.query_one(TargetInput).value = ""
        self.refuse(f"{self._line.meaning} The line names no host: type it, as host:port.")

    def _picked(self, picked: Picked | None) -> None:
        """Walk to what was picked out of an error line."""
        if picked is not None:
            self.post_message(self.Chosen(picked.target, picked.line, picked.others))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take the refusal away: it was about what stood there before."""
        self.query_one("#mode", Static).update(self.modes(event.value))
        if event.value:
            self.forget_own()
            self.refuse("")
