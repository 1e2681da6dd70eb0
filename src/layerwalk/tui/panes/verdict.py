"""The pane of the verdict: before there is one, what is waited for; then the answer itself."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from layerwalk.session.report import Verdict
from layerwalk.session.state import WalkState
from layerwalk.tui.keys import Place, bindings
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.verdict_text import Part, commands, verdict_parts


class Paragraph(Static):
    """A paragraph of the verdict."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.content, markup=False, classes="-space" if part.space else "")
        self.styles.padding = (0, 1, 0, 1 + part.indent)


class Advice(Horizontal):
    """A recommendation; the chosen one carries a mark before its number."""

    def __init__(self, part: Part, lettering: Lettering) -> None:
        super().__init__()
        self.step = part.step
        self._part = part
        self._sign = lettering.sign(Sign.CHOSEN)

    def compose(self) -> ComposeResult:
        """Put the number beside the text, so that all of its lines are indented alike."""
        yield Static(markup=False, classes="number")
        yield Static(self._part.content, markup=False, classes="words")

    def mark(self, *, chosen: bool) -> None:
        """Show whether this is the recommendation that is chosen."""
        edge = self._sign if chosen else " "
        self.set_class(chosen, "-chosen")
        self.query_one(".number", Static).update(Content(f" {edge} {self.step}"))


class VerdictPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The verdict as paragraphs, with one recommendation chosen for copying."""

    BINDINGS = bindings(Place.VERDICT)
    chosen: reactive[int] = reactive(0, repaint=False)

    def __init__(self, lettering: Lettering) -> None:
        super().__init__()
        self._lettering = lettering
        self._verdict: Verdict | None = None
        self._shown: list[Part] = []

    async def show(self, state: WalkState, waiting: str) -> None:
        """Write the verdict, or what is ``waiting`` to become one."""
        verdict = self._verdict = state.verdict
        parts = [Part(Content(self._lettering.text(waiting)))]
        if verdict:
            parts = list(verdict_parts(state, verdict, self._lettering))
        if parts == self._shown:
            return
        self._shown = parts
        with self.app.batch_update():
            await self.remove_children()
            await self.mount(*map(self._made, parts))
        self.chosen = 0
        self.chosen = min(commands(verdict), default=0)
        # The answer stands first, however far down the first command is.
        self.scroll_home(animate=False)

    @property
    def command(self) -> str:
        """The command of the chosen recommendation; empty where there is none."""
        return commands(self._verdict).get(self.chosen, "")

    def choose(self, number: int) -> str:
        """Choose a recommendation by its number; give its command, empty where there is none."""
        command = commands(self._verdict).get(number, "")
        if command:
            self._choose(number)
        return command

    def watch_chosen(self) -> None:
        """Move the mark."""
        self._mark()

    def action_choose(self, by: int) -> None:
        """Choose the next recommendation that has a command, or the one before."""
        known = list(commands(self._verdict))
        if known:
            place = known.index(self.chosen) + by
            self._choose(known[max(0, min(place, len(known) - 1))])

    def _choose(self, number: int) -> None:
        """Choose one, and bring it into sight."""
        self.chosen = number
        for advice in self.query(Advice):
            if advice.step == number:
                advice.scroll_visible(animate=False)

    def _made(self, part: Part) -> Paragraph | Advice:
        return Advice(part, self._lettering) if part.step else Paragraph(part)

    def _mark(self) -> None:
        for advice in self.query(Advice):
            advice.mark(chosen=advice.step == self.chosen)
