"""The app: asks for a target, walks to it, shows what comes of it."""

from __future__ import annotations

import asyncio
import signal

from textual.app import App
from textual.theme import Theme

from layerwalk.probes.facts.target import Family, Target
from layerwalk.session.state import WalkState
from layerwalk.tui.keys import Place, bindings
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.screens.dialog import Dialog
from layerwalk.tui.screens.help import help_details
from layerwalk.tui.screens.start import StartScreen
from layerwalk.tui.screens.walk import WalkScreen
from layerwalk.tui.terminal import unicode_ok, without_color
from layerwalk.tui.walking import Begin

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
    """Walks to ``target``, asks for one, or shows ``state``, a saved walk, read-only.

    ``start`` begins a walk to a target with a listener for its events. ``run`` gives the state that
    was last on the screen, or nothing where no walk was.
    """

    CSS_PATH = "app.tcss"
    TITLE = "layerwalk"
    BINDINGS = bindings(Place.ANYWHERE)
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (10, "-high")]

    def __init__(
        self,
        start: Begin,
        target: Target | None = None,
        state: WalkState | None = None,
        *,
        family: Family | None = None,
    ) -> None:
        # Textual's greys for NO_COLOR are unreadable; the terminal's own colours are not.
        super().__init__(ansi_color=True if without_color() else None)
        self._start = start
        self._target = target
        self._saved = state
        self._family = family
        self._letters = Lettering(unicode=unicode_ok())
        self._walk: WalkScreen | None = None

    def on_mount(self) -> None:
        """Open the first screen."""
        self._hear_signals()
        self.register_theme(THEME)
        self.theme = THEME.name
        self.animation_level = "none"
        if self._target or self._saved:
            self._open_walk(self._target, self._saved)
        else:
            self.push_screen(StartScreen(self._letters, family=self._family))

    def on_start_screen_chosen(self, message: StartScreen.Chosen) -> None:
        """Walk to the target that was typed."""
        self.pop_screen()
        self._open_walk(message.target, None)

    def on_walk_screen_left(self, message: WalkScreen.Left) -> None:
        """Ask for another target."""
        self.pop_screen()
        self.push_screen(StartScreen(self._letters, message.typed, self._family))

    def _open_walk(self, target: Target | None, state: WalkState | None) -> None:
        begin = None if state else self._start
        self._walk = WalkScreen(begin, target, self._letters, state)
        self.push_screen(self._walk)

    def action_help(self) -> None:
        """Show every key, sign and column."""
        self.push_screen(Dialog(help_details(self._letters), self._letters))

    def _hear_signals(self) -> None:
        """Leave by the door, with the terminal as it was, where a signal asks for it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self.leave)

    def leave(self) -> None:
        """Tell a walk that runs to end, and go."""
        if self._walk is not None:
            self._walk.halt()
        self.exit(self._walk.state if self._walk else None)

    async def action_quit(self) -> None:
        """Leave at once, at a key's request."""
        self.leave()
