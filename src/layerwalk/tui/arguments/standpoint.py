"""The options that say where this machine stands: ``--role`` and ``--client``."""

from __future__ import annotations

import argparse

from layerwalk.probes.facts.standpoint import AS_CLIENT
from layerwalk.probes.facts.target import Family, Target
from layerwalk.probes.origin import Origin
from layerwalk.tui.arguments import values
from layerwalk.tui.arguments.parser import Parser


def add_standpoint(parser: Parser) -> None:
    """Add the options."""
    words = "where this machine stands: client or server"
    parser.add_argument("--role", type=values.role, default="client", help=words)
    words = "with --role server: who can't get in here (default: anyone from outside)"
    parser.add_argument("--client", metavar="ADDR", help=words)
    parser.set_defaults(standpoint=AS_CLIENT)


def settle_standpoint(asked: argparse.Namespace) -> None:
    """Understand them.

    Raises:
        BadInput: they can't be used, or not together with what else is asked for.
    """
    if asked.role == AS_CLIENT.role and asked.client is None:
        return
    from layerwalk.session.own_targets import standpoint_of  # what it needs takes a moment to load

    asked.standpoint = standpoint_of(asked.role, asked.client, asked.family)


def own_target(text: str, family: Family | None, client: str, origin: Origin) -> Target:
    """Read a target that is this machine itself.

    Raises:
        BadInput: it is none.
    """
    from layerwalk.session import own_targets  # what it needs takes a moment to load

    return own_targets.own_target(text, family, client, origin)
