"""``layerwalk`` and ``layerwalk TARGET``."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

from layerwalk.probes.facts.target import Target
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.diagnose import NOT_GUIDED, diagnose_request, from_error_request
from layerwalk.tui.arguments.parser import Parser, Version
from layerwalk.tui.arguments.walking import (
    HOST_FORMS,
    add_walking,
    options,
    target,
    walking_parsed,
)
from layerwalk.tui.requests import Detail, Diagnose, Open

OVERVIEW = f"""\
commands:
  layerwalk                    open the app on its start screen
  layerwalk TARGET             open the app and walk at once
  layerwalk diagnose TARGET... the same walk without the app: a verdict as text or JSON
  layerwalk open [FILE]        a saved session, the most recent one where none is named
  layerwalk report FILE -o OUT a saved session as .json, .md or .txt
  layerwalk causes [ID]        the catalogue of causes, or one of them explained
  layerwalk sockets [PID|:PORT] live sockets, and which of their timers fires first
  layerwalk demo [FAULT]       break a small network on this machine, and walk in it

TARGET is {HOST_FORMS}.
With --json, -q, -v or --from-error no app is opened, as with diagnose.
Exit status: 0 no fault found, 1 a fault found, 2 bad usage or input, 3 inconclusive,
130 interrupted, by Ctrl-C, SIGTERM or a terminal that is gone: the verdict then rests on what was
measured, and -o is saved. Every walk is recorded below $XDG_STATE_HOME/layerwalk: see open.
"""


def read_app(words: Sequence[str], commands: Collection[str]) -> Diagnose | Open:
    """Understand a command line that names no command.

    Raises:
        BadInput: it can't be used; ``commands`` among its targets stand in the wrong place.
    """
    parser = Parser(
        prog="layerwalk",
        usage="layerwalk [options] [TARGET] | layerwalk COMMAND ...",
        description="Find out, layer by layer, why a connection times out.",
        epilog=OVERVIEW,
    )
    parser.add_argument("--version", action=Version, nargs=0, help="print the version")
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=HOST_FORMS)
    parser.add_argument("--guided", action="store_true", help="stop before each step, and ask")
    add_walking(parser)
    asked = walking_parsed(parser, words)
    chosen = _only_target(asked, commands)
    textual = asked.json or asked.detail is not Detail.USUAL
    if asked.guided and (textual or asked.from_error is not None):
        raise BadInput(f"{NOT_GUIDED}; leave --json, -q, -v and --from-error out")
    if asked.from_error is not None:
        return from_error_request(asked)
    if textual:
        if chosen is None:
            raise BadInput("--json, -q and -v need a TARGET: host, host:port or a URL")
        return diagnose_request(asked, (chosen,))
    return Open(
        target=chosen,
        family=asked.family,
        options=options(asked),
        output=asked.output,
        guided=asked.guided,
    )


def _only_target(asked: argparse.Namespace, commands: Collection[str]) -> Target | None:
    first = asked.targets[0] if asked.targets else ""
    if first in commands:
        raise BadInput(f"the command {first} goes first: layerwalk {first} ...")
    if len(asked.targets) > 1:
        raise BadInput("the app takes one TARGET; for several say layerwalk diagnose TARGET...")
    return target(asked, first) if asked.targets else None
