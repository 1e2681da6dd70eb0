"""What a table is made of: cells with a tone, rows of them, and a ruling that fits a width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rich.cells import cell_len, set_cell_size

from layerwalk.tui.columns import GAP, Column, fitted
from layerwalk.tui.lettering import Lettering, Sign


class Tone(StrEnum):
    """How a cell is meant; the style sheet gives it a colour, which never says anything alone."""

    PLAIN = "rows--plain"
    GOOD = "rows--good"
    BAD = "rows--bad"
    OPEN = "rows--open"
    QUIET = "rows--quiet"
    STRONG = "rows--strong"


TONES = {
    Sign.GOOD: Tone.GOOD,
    Sign.BAD: Tone.BAD,
    Sign.OPEN: Tone.OPEN,
    Sign.BROKEN: Tone.OPEN,
    Sign.RUNNING: Tone.STRONG,
    Sign.NONE: Tone.QUIET,
}


@dataclass(frozen=True)
class Cell:
    """A piece of harmless text and how it is meant."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Row:
    """One line: what it is about (evidence id, hop), and its cells by column.

    ``whole`` is what its cells may have no room for. A row with ``across`` has no cells: that text
    goes over all columns, above the rows that belong to it.
    """

    key: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    whole: str = ""
    across: str = ""


@dataclass(frozen=True)
class Ruling:
    """The columns that are shown, each with its width in cells."""

    columns: Sequence[Column]
    widths: Mapping[str, int]
    whole: int
    cut: str

    def pieces(self, row: Row) -> Iterator[tuple[str, Tone]]:
        """Write a row's cells at their widths, a gap behind each."""
        if row.across:
            yield self._fitted(row.across, self.whole), Tone.STRONG
            return
        for column in self.columns:
            if column.id in self.widths:
                cell = row.cells[column.id]
                yield self._written(cell.text, column), cell.tone
                yield " " * GAP, Tone.PLAIN

    def heads(self) -> Row:
        """Give the headings as a row."""
        return Row("", {column.id: Cell(column.title) for column in self.columns})

    def _written(self, text: str, column: Column) -> str:
        width = self.widths[column.id]
        fits = cell_len(text) <= width
        return text.rjust(width) if column.right and fits else self._fitted(text, width)

    def _fitted(self, text: str, width: int) -> str:
        if cell_len(text) > width:
            return set_cell_size(text, max(0, width - 1)) + self.cut
        return set_cell_size(text, width)


def ruled(
    columns: Sequence[Column], rows: Sequence[Row], width: int, lettering: Lettering
) -> Ruling:
    """Fit columns to what rows need and to the width that there is; empty columns are left out."""
    needs: dict[str, int] = {}
    for column in columns:
        cells = (row.cells[column.id] for row in rows if not row.across)
        widest = max((cell_len(cell.text) for cell in cells), default=0)
        needs[column.id] = max(widest, cell_len(column.title)) if widest else 0
    width = max(1, width)
    return Ruling(columns, fitted(columns, needs, width), width, lettering.sign(Sign.CUT))
