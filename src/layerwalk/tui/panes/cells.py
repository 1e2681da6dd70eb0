"""What a table is made of: cells with a tone, rows of them, and a ruling that fits a width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

    ``whole`` is what its cells may have no room for.
    """

    key: str
    cells: Mapping[str, Cell]
    whole: str = ""


@dataclass(frozen=True)
class Ruling:
    """The columns that are shown, each with its width in cells."""

    columns: Sequence[Column]
    widths: Mapping[str, int]
    cut: str

    def pieces(self, cells: Mapping[str, Cell]) -> Iterator[tuple[str, Tone]]:
        """Write a row's cells at their widths, a gap behind each."""
        for column in self.columns:
            if column.id in self.widths:
                cell = cells[column.id]
                yield self._written(cell.text, column), cell.tone
                yield " " * GAP, Tone.PLAIN

    def heads(self) -> dict[str, Cell]:
        """Give the headings as cells."""
        return {column.id: Cell(column.title) for column in self.columns}

    def _written(self, text: str, column: Column) -> str:
        width = self.widths[column.id]
        if cell_len(text) > width:
            return set_cell_size(text, max(0, width - 1)) + self.cut
        return text.rjust(width) if column.right else set_cell_size(text, width)


def ruled(
    columns: Sequence[Column], rows: Sequence[Row], width: int, lettering: Lettering
) -> Ruling:
    """Fit columns to what rows need and to the width that there is; empty columns are left out."""
    needs: dict[str, int] = {}
    for column in columns:
        widest = max((cell_len(row.cells[column.id].text) for row in rows), default=0)
        needs[column.id] = max(widest, cell_len(column.title)) if widest else 0
    return Ruling(columns, fitted(columns, needs, max(1, width)), lettering.sign(Sign.CUT))
