"""What was measured, as Markdown: a table under a heading, and what there is to say of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | float | int


@dataclass(frozen=True)
class Section:
    """A heading, a sentence on how it was measured, a table, and lines below it."""

    title: str
    how: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Aim:
    """A figure beside the most that it is meant to be."""

    name: str
    found: float
    most: float
    unit: str = ""

    def __str__(self) -> str:
        met = "met" if self.found <= self.most else "**missed**"
        return f"{self.name}: {written(self.found)}{self.unit}, aim {self.most:g}{self.unit}: {met}"


def markdown(section: Section) -> str:
    """The section as text, its table aligned."""
    texts = [section.columns, *[tuple(written(cell) for cell in row) for row in section.rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(section.columns))]
    numbers = [
        bool(section.rows) and all(isinstance(row[column], int | float) for row in section.rows)
        for column in range(len(section.columns))
    ]
    head, *body = [_line(row, widths, numbers) for row in texts]
    rule = "|".join(_rule(width, right=right) for width, right in zip(widths, numbers, strict=True))
    table = "\n".join([head, f"|{rule}|", *body])
    notes = "\n".join(f"- {note}" for note in section.notes)
    parts = [f"## {section.title}", section.how, table, notes]
    return "\n\n".join(part for part in parts if part) + "\n"


def written(cell: Cell) -> str:
    """A cell's text; a number with a fraction gets as many digits as it can bear."""
    if not isinstance(cell, float):
        return str(cell)
    if abs(cell) >= 100:
        return f"{cell:.0f}"
    return f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"


def _line(texts: Sequence[str], widths: Sequence[int], numbers: Sequence[bool]) -> str:
    cells = zip(texts, widths, numbers, strict=True)
    padded = [text.rjust(width) if right else text.ljust(width) for text, width, right in cells]
    return f"| {' | '.join(padded)} |"


def _rule(width: int, *, right: bool) -> str:
    return "-" * (width + 1) + (":" if right else "-")
