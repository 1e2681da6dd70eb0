"""``layerwalk causes [ID]``."""

from __future__ import annotations

from collections.abc import Sequence

from layerwalk.tui.arguments.parser import Parser, parsed
from layerwalk.tui.requests import Causes


def read_causes(words: Sequence[str]) -> Causes:
    """Understand the words behind ``causes``.

    Raises:
        BadInput: they can't be used.
    """
    parser = Parser(
        prog="layerwalk causes", description="Show the catalogue of causes, or explain one."
    )
    parser.add_argument("cause", metavar="ID", nargs="?", help="the cause to explain")
    return Causes(parsed(parser, words).cause)
