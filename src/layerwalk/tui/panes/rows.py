"""A table that is drawn line by line: only what changed is painted again, at any pace."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from layerwalk.tui.columns import Column
from layerwalk.tui.keys import Place, bindings
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import Row, Tone, ruled

_EDGE = 2
"""Cells before the first column: the mark of the chosen line."""


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """A table with a chosen line. Its rows are replaced as a whole; equal ones aren't repainted."""

    BINDINGS = bindings(Place.LIST)
    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        scrollbar-size: 0 0;
        overflow-x: hidden;
    }
    """
    COMPONENT_CLASSES = {"rows--head", "rows--chosen", *(tone.value for tone in Tone)}
    chosen: reactive[int] = reactive(0, repaint=False)
    empty: reactive[str] = reactive("")
    """What stands where the rows will, or would."""

    class Opened(Message):
        """A person wants to know all about the chosen row."""

    class Chose(Message):
        """Another row is the chosen one, or it says something else."""

        def __init__(self, whole: str) -> None:
            super().__init__()
            self.whole = whole

    def __init__(self, columns: Sequence[Column], lettering: Lettering) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self._columns = tuple(columns)
        self._lettering = lettering
        self._ruling = ruled(self._columns, (), 1, lettering)

    def show(self, rows: Sequence[Row], *, follow: bool = False) -> None:
        """Replace the rows. The chosen line stays with what it is about.

        To ``follow`` is to choose the last one, always, until the person leaves it.
        """
        before, self.rows = self.rows, tuple(rows)
        at_end = follow and self.chosen >= len(before) - 1
        key = before[self.chosen].key if self.chosen < len(before) else ""
        ruling, fewer = self._ruling, len(before) > len(self.rows)
        self._rule()
        if ruling != self._ruling or fewer:
            self.refresh()
        else:
            self._repaint([n for n, row in enumerate(self.rows) if before[n : n + 1] != (row,)])
        places = [index for index, row in enumerate(self.rows) if row.key == key]
        self.chosen = len(self.rows) - 1 if at_end else next(iter(places), self.chosen)
        self._tell()

    @property
    def key(self) -> str:
        """What the chosen line is about; empty where there is none."""
        return self.rows[self.chosen].key if self.chosen < len(self.rows) else ""

    def validate_chosen(self, chosen: int) -> int:
        """Keep the choice within the rows."""
        return max(0, min(chosen, len(self.rows) - 1))

    def watch_chosen(self, before: int, now: int) -> None:
        """Paint the two lines that changed and keep the chosen one in sight."""
        self._repaint((before, now))
        self._tell()
        top, seen = round(self.scroll_y), max(1, self.size.height - 1)
        wanted = min(max(top, now - seen + 1), now)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Choose another line."""
        self.chosen += by

    def action_page(self, by: int) -> None:
        """Choose a line that is a page away."""
        self.chosen += by * max(1, self.size.height - 2)

    def action_ends(self, end: int) -> None:
        """Choose the first line or the last."""
        self.chosen = len(self.rows) if end > 0 else 0

    def action_open(self) -> None:
        """Ask for all that is known of the chosen line."""
        if self.key:
            self.post_message(self.Opened())

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._rule()
        self.watch_chosen(self.chosen, self.chosen)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget: the headings, or a row."""
        if not self.rows:
            return hollow(self.empty, y, self.size.width, self.rich_style)
        index = y - 1 + self.scroll_offset.y
        segments: list[Segment] = []
        base = self.rich_style
        if y == 0:
            base += self.get_component_rich_style("rows--head", partial=True)
            segments = [Segment(" " * _EDGE, base)]
            segments += [Segment(it, base) for it, _ in self._ruling.pieces(self._ruling.heads())]
        elif index < len(self.rows):
            segments, base = self._drawn(self.rows[index], chosen=index == self.chosen)
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _drawn(self, row: Row, *, chosen: bool) -> tuple[list[Segment], Style]:
        base, edge, marked = self.rich_style, "", chosen and self.has_focus
        if marked:
            base += self.get_component_rich_style("rows--chosen", partial=True)
            edge = self._lettering.sign(Sign.CHOSEN)
        segments = [Segment(edge.ljust(_EDGE), base)]
        for text, tone in self._ruling.pieces(row):
            plain = marked or tone is Tone.PLAIN
            own = Style() if plain else self.get_component_rich_style(tone, partial=True)
            segments.append(Segment(text, base + own))
        return segments, base

    def _rule(self) -> None:
        width = self.size.width
        self._ruling = ruled(self._columns, self.rows, width - _EDGE, self._lettering)
        self.virtual_size = Size(width, len(self.rows) + 1)

    def _tell(self) -> None:
        if self.chosen < len(self.rows):
            self.post_message(self.Chose(self.rows[self.chosen].whole))

    def _repaint(self, indexes: Sequence[int]) -> None:
        top = self.scroll_offset.y
        lines = [index + 1 - top for index in indexes if 0 <= index - top < self.size.height - 1]
        if lines:
            self.refresh(*(Region(0, line, self.size.width, 1) for line in lines))


def hollow(text: str, y: int, width: int, style: Style) -> Strip:
    """Draw one line of the text that stands where there are no rows."""
    lines = textwrap.wrap(text, max(1, width - 2 * _EDGE))
    line = " " * _EDGE + lines[y] if y < len(lines) else ""
    return Strip([Segment(line, style)]).adjust_cell_length(width, style)
