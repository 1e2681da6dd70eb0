"""The single lines around the panes: who is walked to, which pane is shown, status, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from layerwalk.probes.facts.standpoint import Role
from layerwalk.session.state import WalkState
from layerwalk.session.wording import origin_in_words
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.board import PANES
from layerwalk.tui.panes.verdict_text import STYLES
from layerwalk.tui.words import OUTCOMES, Word


class Line(Static):
    """One line of harmless text, cut where the terminal ends; or up to ``most`` lines of it."""

    def __init__(self, lettering: Lettering, *, name: str, most: int = 1) -> None:
        super().__init__(markup=False, id=name)
        self.lettering = lettering
        self._whole = Content("")
        self._wraps = most > 1
        if self._wraps:
            self.styles.text_wrap = "wrap"
            self.styles.height, self.styles.min_height, self.styles.max_height = "auto", 1, most

    def say(self, text: str | Content) -> None:
        """Replace the line."""
        whole = Content(text) if isinstance(text, str) else text
        if not whole.is_same(self._whole):
            self._whole = whole
            self.draw()

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self.draw()

    def draw(self) -> None:
        """Write as much as there is room for."""
        width, whole = self.size.width, self._whole
        if whole.cell_length > width and not self._wraps:
            cut = whole.truncate(max(0, width - 1))
            whole = cut + Content(self.lettering.sign(Sign.CUT))
        self.update(whole)


class Title(Line):
    """Who is walked to on the left, how it stands on the right; the left gives way."""

    def __init__(self, lettering: Lettering) -> None:
        super().__init__(lettering, name="title")
        self._left, self._right = "", Content("")

    def show(self, target: str, standing: Word, seconds: float, *, running: bool) -> None:
        """Say who is walked to and how it stands."""
        sign = self.lettering.sign(standing.sign)
        self._left = f"layerwalk  {self.lettering.text(target)}"
        took = f"  {seconds:.0f} s" if running else f"  {seconds:.1f} s"
        style = STYLES.get(standing.sign, "bold")
        self._right = Content.assemble((f"{sign} {standing.word}".strip(), style), took)
        self.draw()

    def draw(self) -> None:
        """Write both ends of the line."""
        room = max(0, self.size.width - self._right.cell_length - 2)
        left = self._left
        if cell_len(left) > room:
            left = set_cell_size(left, max(0, room - 1)) + self.lettering.sign(Sign.CUT)
        self.update(Content.assemble((set_cell_size(left, room), "bold"), "  ", self._right))


def target_in_words(state: WalkState, typed: str) -> str:
    """Name the target with its addresses; say where packets come from, if that was asked for."""
    if state.target is None:
        return typed
    found = [it for it in state.target.addresses if it != state.target.host]
    words = f"{state.target.input} ({', '.join(found)})" if found else state.target.input
    if state.role == Role.SERVER:
        words += ", as its server" + (f", for {state.client}" if state.client else "")
    return f"{words}, {origin_in_words(state.origin)}" if state.origin else words


def standing(state: WalkState, error: str) -> Word:
    """Say how the walk stands, in a word."""
    if state.verdict:
        return OUTCOMES[state.verdict.outcome]
    if error:
        return Word("BROKE OFF", Sign.BROKEN)
    return Word("ended" if state.ended else "walking", Sign.NONE)


def in_short(state: WalkState) -> str:
    """Give the verdict in a few words; nothing where there is none."""
    if state.verdict is None:
        return ""
    ids = [f" [{cause.id}]" for cause in state.verdict.causes[:1]]
    return "".join([OUTCOMES[state.verdict.outcome].word, *ids])


class Tabs(Line):
    """The panes by their keys, the one in front in reverse."""

    def __init__(self, lettering: Lettering) -> None:
        super().__init__(lettering, name="tabs")
        self._bar = f" {lettering.sign(Sign.BAR)} "

    def show(self, front: str, panes: Mapping[str, str] = PANES) -> None:
        """Mark the pane in front."""
        names = [
            Content.assemble(
                (f" {title[0].lower()} {title} ", "reverse bold" if name == front else "")
            )
            for name, title in panes.items()
        ]
        self.say(Content(self._bar).join(names))


class KeyLine(Line):
    """The keys that matter here, as many as there is room for."""

    def __init__(self, lettering: Lettering, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(lettering, name="keys")
        self._keys = tuple(keys)

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Replace the keys."""
        if self._keys != tuple(keys):
            self._keys = tuple(keys)
            self.draw()

    def draw(self) -> None:
        """Name as many keys as there is room for."""
        content = Content("")
        for key, word in self._keys:
            more = Content.assemble((key, "bold"), f" {word}")
            wider = content + Content("   ") + more if content else more
            if wider.cell_length > self.size.width:
                break
            content = wider
        self.update(content)
