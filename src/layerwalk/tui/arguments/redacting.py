"""The option that hides what is true of a network and its people."""

from __future__ import annotations

import argparse

from layerwalk.session.options import Redact
from layerwalk.tui.arguments.parser import Parser


def add_redact(parser: Parser) -> None:
    """Add the option."""
    words = "hide addresses, names and secrets, so that it can be posted"
    parser.add_argument("--redact", action="store_true", help=words)


def redaction(asked: argparse.Namespace) -> Redact | None:
    """Make what redacts, where it is asked for; it is loaded only then."""
    if not asked.redact:
        return None
    from layerwalk.session.redaction.structures import Redaction

    return Redaction()
