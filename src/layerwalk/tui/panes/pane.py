"""A pane: a heading that says what is below it, and one thing that scrolls."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.rows import Rows


class Heading(Static):
    """One line: the key and name of a pane, what it counts, and what is out of sight."""

    def __init__(self, name: str, lettering: Lettering) -> None:
        super().__init__(markup=False)
        self._title = name
        self._lettering = lettering
        self._note = ""
        self._out_of_sight = ""

    def note(self, text: str) -> None:
        """Say something behind the name."""
        if text != self._note:
            self._note = text
            self.draw()

    def out_of_sight(self, above: int, below: int) -> None:
        """Say how many lines a person would have to scroll for."""
        parts = [
            f"{count} {where}" for count, where in ((above, "above"), (below, "below")) if count
        ]
        text = ", ".join(parts)
        if text != self._out_of_sight:
            self._out_of_sight = text
            self.draw()

    def on_resize(self) -> None:
        """Fit the rule to the new width."""
        self.draw()

    def draw(self) -> None:
        """Write the line again."""
        strong = self.parent is not None and self.parent.has_class("-focused")
        rule = self._lettering.sign(Sign.STRONG_RULE if strong else Sign.RULE)
        left = f"{rule} {self._title} " + (f"({self._note}) " if self._note else "")
        right = f" {self._out_of_sight} {rule}" if self._out_of_sight else ""
        spare = max(0, self.size.width - cell_len(left) - cell_len(right))
        self.update(Content(left + rule * spare + right))


class Pane(Vertical):
    """A pane by its name; ``content`` is what scrolls and takes the focus."""

    def __init__(self, name: str, title: str, content: Widget, lettering: Lettering) -> None:
        super().__init__(id=name)
        self.content = content
        self.heading = Heading(title, lettering)
        self._foot = Static(markup=False, classes="foot")

    def compose(self) -> ComposeResult:
        """Put the heading over the content, and below it what the content has no room for."""
        yield self.heading
        yield self.content
        yield self._foot

    def on_mount(self) -> None:
        """Keep the heading true while the content scrolls, grows or gains the focus."""
        for name in ("scroll_y", "virtual_size"):
            self.watch(self.content, name, self._look, init=False)
        self.watch(self.content, "has_focus", self._mark)

    def on_resize(self) -> None:
        """Count again what is out of sight."""
        self.call_after_refresh(self._look)

    def on_rows_chose(self, message: Rows.Chose) -> None:
        """Show the chosen line's text in full."""
        self._foot.update(Content(message.whole))
        self._foot.set_class(not message.whole, "-empty")

    def _mark(self) -> None:
        self.set_class(self.content.has_focus, "-focused")
        self.heading.draw()

    def _look(self) -> None:
        above = round(self.content.scroll_y)
        self.heading.out_of_sight(above, max(0, round(self.content.max_scroll_y) - above))
