"""The app: asks for a target, walks to it, shows what comes of it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App
from textual.theme import Theme

from layerwalk.probes.facts.standpoint import AS_CLIENT
from layerwalk.probes.facts.target import Family, Target
from layerwalk.session.journal.recent import Recent
from layerwalk.session.reopened.sessions import Session, reopened
from layerwalk.session.state import WalkState
from layerwalk.session.targets import BadInput
from layerwalk.tui.driver import LastingDriver
from layerwalk.tui.keys import Place, bindings
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.screens.choosing import ChoosingScreen
from layerwalk.tui.screens.dialog import Dialog
from layerwalk.tui.screens.help import help_details
from layerwalk.tui.screens.replay import ReplayScreen
from layerwalk.tui.screens.serving import ReadOwn, reads_nothing
from layerwalk.tui.screens.start import StartScreen
from layerwalk.tui.screens.walk import WalkScreen
from layerwalk.tui.terminal import unicode_ok, without_color
from layerwalk.tui.walking import Begin, Change, Listener, StartWith, Walking

if TYPE_CHECKING:
    from layerwalk.tui.looking import Looker
    from layerwalk.tui.panes.sockets import Veil

THEME = Theme(
    name="layerwalk",
    primary="#6cb6ff",
    secondary="#8ddb8c",
    accent="#96d0ff",
    success="#7ee787",
    warning="#f0c674",
    error="#ff8f85",
    foreground="#d7dde4",
    background="#10151b",
    surface="#10151b",
    panel="#1d2630",
    dark=True,
    variables={"block-cursor-background": "#234a6e"},
)


class LayerwalkApp(App[WalkState | None]):
    """Walks to ``target``, asks for one, or shows one of the ``saved`` walks, read-only.

    ``start`` begins a walk to a target with a listener for its events; ``recent`` looks for the
    recent sessions. ``run`` gives the state that was last on the screen, or nothing where no walk
    was.
    """

    CSS_PATH = "app.tcss"
    TITLE = "layerwalk"
    BINDINGS = bindings(Place.ANYWHERE)
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (10, "-short"), (16, "-high")]

    def __init__(
        self,
        start: Begin,
        target: Target | None = None,
        saved: Sequence[Session] = (),
        *,
        family: Family | None = None,
        recent: Callable[[], Sequence[Recent]] = tuple,
    ) -> None:
        # Textual's greys for NO_COLOR are unreadable; the terminal's own colours are not.
        super().__init__(LastingDriver, ansi_color=True if without_color() else None)
        self._start = start
        self._target = target
        self._saved = tuple(saved)
        self._recent = recent
        self._family = family
        self.reticent = False
        """Whether what was typed is never shown again, as the walk shows stand-ins."""
        self.start_with: StartWith = lambda _change: start
        """Gives what begins a walk with other options."""
        self.read_own: ReadOwn = reads_nothing
        """Reads a target that is this machine's own."""
        self.standpoint = AS_CLIENT
        """Where this machine stands in the walks to come."""
        self.pid: int | None = None
        """The process whose sockets are listed, where one was named."""
        self.looker: Looker | None = None
        """Looks at sockets; the kernel, where nobody else is given."""
        self.veil: Veil = str
        """Replaces in texts what must not be seen."""
        self.guided = False
        """Whether walks begin guided."""
        self._letters = Lettering(unicode=unicode_ok())
        self._walk: WalkScreen | None = None

    def on_mount(self) -> None:
        """Open the first screen."""
        self._hear_signals()
        self.register_theme(THEME)
        self.theme = THEME.name
        self.animation_level = "none"
        if self._target:
            self._walk_to(self._target)
        elif len(self._saved) == 1:
            self._show(ReplayScreen(self._saved[0], self._letters))
        elif self._saved:
            self.push_screen(ChoosingScreen(self._saved, self._letters))
        else:
            self._ask("")

    def on_start_screen_chosen(self, message: StartScreen.Chosen) -> None:
        """Walk to the target that was typed."""
        self.pop_screen()
        self._walk_to(message.target, _changed_by(message))

    def _walk_to(self, target: Target, change: Change | None = None) -> None:
        """Walk with the options that the app was opened with, or with changed ones."""
        begin = self.start_with(change) if change else self._start
        walk = WalkScreen(begin, target, self._letters)
        walk.traced = _later(lambda: self.start_with(_traced(change)))
        self._show(walk)

    def on_serving_screen_mode_chosen(self, message: StartScreen.ModeChosen) -> None:
        """Begin walks guided, or not; from the standpoint that was chosen."""
        self.guided, self.standpoint = message.guided, message.standpoint

    def on_start_screen_reopened(self, message: StartScreen.Reopened) -> None:
        """Show a recent session, or say why it can't be."""
        try:
            found = reopened(message.path)
        except BadInput as refusal:
            if isinstance(self.screen, StartScreen):
                self.screen.refuse(str(refusal))
            return
        self.pop_screen()
        self._show(ReplayScreen(found.sessions[0], self._letters))

    def on_choosing_screen_chosen(self, message: ChoosingScreen.Chosen) -> None:
        """Show the session that was chosen."""
        self._show(ReplayScreen(message.session, self._letters))

    def on_walk_screen_left(self, message: WalkScreen.Left) -> None:
        """Ask for another target, or, among several sessions of a file, for another of them."""
        self.pop_screen()
        if not isinstance(self.screen, ChoosingScreen):
            self._ask(message.typed)

    def _ask(self, typed: str) -> None:
        start = StartScreen(self._letters, typed, self._family, self._recent)
        start.guided, start.standpoint = self.guided, self.standpoint
        start.read_own = self.read_own
        self.push_screen(start)

    def _show(self, walk: WalkScreen) -> None:
        if self.reticent:
            walk.typed = ""
        walk.guided = self.guided
        self._walk = walk
        self.push_screen(walk)

    def action_help(self) -> None:
        """Show every key, sign and column."""
        self.push_screen(Dialog(help_details(self._letters), self._letters))

    def action_sockets(self) -> None:
        """Show this machine's sockets; from a walk, those that have to do with it."""
        from layerwalk.session.sockets import Which  # what looks at them takes a moment to load
        from layerwalk.tui.looking import Kernel
        from layerwalk.tui.screens.sockets import SocketsScreen

        target = self.screen.target if isinstance(self.screen, WalkScreen) else None
        which = Which(pid=self.pid, port=target.port if target else None)
        looker = self.looker or Kernel(nameless=self.reticent)
        self.push_screen(SocketsScreen(which, looker, self._letters, self.veil))

    def _hear_signals(self) -> None:
        """Leave by the door, with the terminal as it was, where a signal asks for it.

        Whoever runs the app may have taken the signals over already, and then tells it to leave.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                loop.add_signal_handler(number, self.leave)

    def leave(self) -> None:
        """Tell a walk that runs to end, and go."""
        if self._walk is not None:
            self._walk.halt()
        self.exit(self._walk.state if self._walk else None)

    async def action_quit(self) -> None:
        """Leave at once, at a key's request."""
        self.leave()


def _changed_by(chosen: StartScreen.Chosen) -> Change:
    """How a walk's options differ by what was chosen: from an error line, as the server."""
    line, others, standpoint = chosen.line, chosen.others, chosen.standpoint
    if line is not None:
        return lambda options: options.from_line(line.entry, others)
    return lambda options: replace(options, standpoint=standpoint)


def _traced(change: Change | None) -> Change:
    """The same, with the kernel's trace."""
    return lambda options: replace(change(options) if change else options, trace_firewall=True)


def _later(make: Callable[[], Begin]) -> Begin:
    """Make what begins a walk only when one begins."""

    def begin(target: Target, listen: Listener) -> Walking:
        return make()(target, listen)

    return begin
