"""``layerwalk demo [FAULT]``."""

from __future__ import annotations

from collections.abc import Sequence

from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.parser import Parser, parsed
from layerwalk.tui.arguments.walking import add_detail, add_rights
from layerwalk.tui.requests import Demo


def read_demo(words: Sequence[str]) -> Demo:
    """Understand the words behind ``demo``.

    Raises:
        BadInput: they can't be used.
    """
    parser = Parser(
        prog="layerwalk demo",
        description="Break a small network on this machine (in namespaces), and walk in it.",
    )
    parser.add_argument("fault", metavar="FAULT", nargs="?", help="what is to be broken")
    parser.add_argument("--list", action="store_true", dest="listing", help="the faults to choose")
    add_rights(parser)
    add_detail(parser)
    asked = parsed(parser, words)
    if asked.listing and asked.fault:
        raise BadInput(f"--list shows all faults; leave '{asked.fault}' out, or leave --list out")
    if asked.listing and asked.unprivileged:
        raise BadInput("--list walks nowhere; leave --unprivileged out, or leave --list out")
    return Demo(
        fault=asked.fault,
        listing=asked.listing,
        unprivileged=asked.unprivileged,
        detail=asked.detail,
    )
