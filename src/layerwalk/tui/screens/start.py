"""The start screen: type a target, or paste the error line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from layerwalk.probes.facts.target import Family, Target
from layerwalk.session.journal.recent import Recent
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui.columns import SESSIONS
from layerwalk.tui.keys import Place, bindings, briefs
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.lines import KeyLine
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.sessions import recent_rows
from layerwalk.tui.panes.too_small import TooSmall

if TYPE_CHECKING:
    from layerwalk.session.error_lines import ErrorLine
    from layerwalk.tui.screens.error import Picked

QUESTION = "Which connection fails?"
EXAMPLES = (
    ("db.example.org:5432", "a host and a port"),
    ("https://api.example.org/health", "a URL"),
    ("[2001:db8::10]:22", "IPv6 with a port"),
    ("192.0.2.10", "a host alone: up to the network layer"),
    ("dial tcp 192.0.2.10:5432: i/o timeout", "an error line, or a log: paste it"),
)


class TargetInput(Input):
    """The line for the target; where it is empty, ``?`` opens the help."""

    class Pasted(Message):
        """Something was pasted that is more than a target."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Hand on a pasted error line, whole; a line that could be a target goes in here."""
        if len(event.text.split()) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))

    def on_key(self, event: events.Key) -> None:
        """Leave ``?`` to the screen as long as nothing is typed."""
        if not self.check_consume_key(event.key, event.character):
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tell whether a key is typed here, so that no binding takes it."""
        asks_for_help = character == "?" and not self.value
        return not asks_for_help and super().check_consume_key(key, character)


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


class StartScreen(Screen[None]):
    """Asks for a target until one can be walked to."""

    CSS_PATH = "start.tcss"
    BINDINGS = bindings(Place.START, but="submit")

    class Chosen(Message):
        """A target was typed, or picked out of an error line, that can be walked to."""

        def __init__(
            self, target: Target, line: ErrorLine | None = None, others: tuple[str, ...] = ()
        ) -> None:
            super().__init__()
            self.target = target
            self.line = line
            self.others = others

    class ModeChosen(Message):
        """Walks are to begin guided, or not."""

        def __init__(self, *, guided: bool) -> None:
            super().__init__()
            self.guided = guided

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
        typed: str = "",
        family: Family | None = None,
        recent: Callable[[], Sequence[Recent]] = tuple,
    ) -> None:
        super().__init__()
        self._recent = recent
        self._lettering = lettering
        self._typed = typed
        self._family = family
        self._line: ErrorLine | None = None
        self.guided = False

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
                yield Static(_mode(guided=self.guided), id="mode", markup=False)
                yield Static(_examples(), id="examples", markup=False)
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

    def action_guided(self) -> None:
        """Walk guided, or not."""
        self.guided = not self.guided
        self.query_one("#mode", Static).update(_mode(guided=self.guided))
        self.post_message(self.ModeChosen(guided=self.guided))

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
        if len(event.value.split()) > 1:
            self._read(event.value)
            return
        try:
            target = parse_target(event.value, self._family)
        except BadInput as refusal:
            self.refuse(str(refusal))
            return
        self.post_message(self.Chosen(target, self._line))

    def on_target_input_pasted(self, message: TargetInput.Pasted) -> None:
        """Read an error line that was pasted."""
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
        if event.value:
            self.refuse("")


def _mode(*, guided: bool) -> Content:
    words = f"[{'x' if guided else ' '}] guided: stop before each step, and ask  "
    return Content.assemble(words, ("Ctrl+G", "dim"))


def _examples() -> Content:
    width = max(len(example) for example, _says in EXAMPLES)
    lines = [Content.assemble(f"{it:<{width}}  ", (says, "dim")) for it, says in EXAMPLES]
    return Content("\n").join(lines)
