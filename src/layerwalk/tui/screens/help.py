"""The help: every key, sign and column, from the same tables that the screens are made of."""

from __future__ import annotations

from itertools import groupby

from textual.content import Content

from layerwalk.tui.columns import TABLES
from layerwalk.tui.keys import KEYS
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.details import Details
from layerwalk.tui.words import STATUSES

_KEY_WIDTH, _WORD_WIDTH = 13, 17


def help_details(lettering: Lettering) -> Details:
    """Write the help."""
    sections = [*_keys(), _statuses(lettering), *_columns()]
    return Details("Help", Content("\n\n").join(sections))


def _section(title: str, lines: list[tuple[str, str]], width: int) -> Content:
    written = [Content.assemble((f"  {name:<{width}}", "bold"), says) for name, says in lines]
    return Content("\n").join([Content.styled(title, "bold underline"), *written])


def _keys() -> list[Content]:
    groups = groupby(KEYS, key=lambda row: row.place)
    return [
        _section(place.value, [(row.shown, row.says) for row in rows], _KEY_WIDTH)
        for place, rows in groups
    ]


def _statuses(lettering: Lettering) -> Content:
    words = STATUSES.values()
    lines = [(f"{lettering.sign(word.sign)} {word.word}", word.says) for word in words]
    return _section("What came of a step", lines, _WORD_WIDTH)


def _columns() -> list[Content]:
    return [
        _section(f"Columns: {name}", [(it.title, it.says) for it in table if it.title], _KEY_WIDTH)
        for name, table in TABLES.items()
    ]
