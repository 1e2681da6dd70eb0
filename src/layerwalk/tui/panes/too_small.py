"""The one line that stands on a terminal which is too small for anything else."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from layerwalk.tui.lettering import Lettering, Sign

LEAST = (40, 10)
"""The smallest terminal, in columns and rows, that the app is laid out for."""


class TooSmall(Widget):
    """Says how much room is needed, and the verdict as far as there is one."""

    verdict: reactive[str] = reactive("")

    def __init__(self, lettering: Lettering) -> None:
        super().__init__()
        self._lettering = lettering

    def render(self) -> Content:
        """Write the line, cut to what room there is."""
        size, needed = self.app.size, f"{LEAST[0]}x{LEAST[1]}"
        text = f"layerwalk: {size.width}x{size.height} is too small, {needed} is the least"
        if self.verdict:
            text = f"{self.verdict} ({needed} shows more)"
        if cell_len(text) > size.width:
            text = set_cell_size(text, max(0, size.width - 1)) + self._lettering.sign(Sign.CUT)
        return Content(text)
