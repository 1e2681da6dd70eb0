"""``layerwalk open [FILE]`` and ``layerwalk report FILE -o OUT``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments import values
from layerwalk.tui.arguments.parser import Parser, parsed
from layerwalk.tui.arguments.redacting import add_redact, redaction
from layerwalk.tui.requests import Convert, OpenSaved

SAVED = "a saved session: a report (.json) or a journal (.jsonl)"


def read_open(words: Sequence[str]) -> OpenSaved:
    """Understand the words behind ``open``.

    Raises:
        BadInput: they can't be used.
    """
    parser = Parser(
        prog="layerwalk open", description="Show a saved session, read-only; nothing is sent."
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help=f"{SAVED}; default: the most recent"
    )
    return OpenSaved(parsed(parser, words).file)


def read_report(words: Sequence[str]) -> Convert:
    """Understand the words behind ``report``.

    Raises:
        BadInput: they can't be used.
    """
    parser = Parser(prog="layerwalk report", description="Write a saved session in another form.")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help=SAVED)
    parser.add_argument(
        "-o",
        metavar="OUT",
        type=values.destination,
        dest="output",
        help="the file to write; its suffix names the form: .json .md .txt",
    )
    add_redact(parser)
    asked = parsed(parser, words)
    if asked.file is None:
        raise BadInput("report needs a FILE: a saved report (.json) or a journal (.jsonl)")
    if asked.output is None:
        raise BadInput("report needs -o OUT: the file to write, .json, .md or .txt")
    return Convert(file=asked.file, output=asked.output, redact=redaction(asked))
