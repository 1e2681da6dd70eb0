"""``layerwalk sockets [PID|:PORT]``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from layerwalk.session.origins import pid_of
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.parser import Parser, parsed
from layerwalk.tui.arguments.redacting import add_redact, redaction
from layerwalk.tui.arguments.walking import add_detail
from layerwalk.tui.requests import Sockets

_NUMBER = re.compile("[0-9]{1,5}")
_PORTS = range(1, 1 << 16)
_ABOUT = """\
Show this machine's TCP sockets, with what decides when they time out: states, queues, timers,
and the options of the sockets themselves, of other processes, too. They notice nothing of it, and
nothing is sent."""


def read_sockets(words: Sequence[str]) -> Sockets:
    """Understand the words behind ``sockets``.

    Raises:
        BadInput: they can't be used.
    """
    parser = Parser(prog="layerwalk sockets", description=_ABOUT)
    add = parser.add_argument
    words_of = "a process (its network may be a container's), or a port on either end; default: all"
    add("which", metavar="PID|:PORT", nargs="?", type=_which, default=(None, None), help=words_of)
    add("--json", action="store_true", help="print it as JSON (layerwalk.sockets/1)")
    families = parser.add_mutually_exclusive_group()
    families.add_argument("-4", action="store_const", const=4, dest="family", help="IPv4 only")
    families.add_argument("-6", action="store_const", const=6, dest="family", help="IPv6 only")
    add_redact(parser)
    add_detail(parser)
    asked = parsed(parser, words)
    pid, port = asked.which
    return Sockets(
        pid=pid,
        port=port,
        version=asked.family,
        json=asked.json,
        detail=asked.detail,
        redact=redaction(asked),
    )


def _which(text: str) -> tuple[int | None, int | None]:
    try:
        return which_of(text)
    except BadInput as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal


def which_of(text: str) -> tuple[int | None, int | None]:
    """Read the number of a process, or a port written ``:PORT``; the other is nothing.

    Raises:
        BadInput: it is neither.
    """
    if text.startswith(":"):
        return None, _port(text[1:])
    try:
        return pid_of(text), None
    except BadInput as refusal:
        raise BadInput(f"{refusal}; a port is written :PORT") from refusal


def _port(text: str) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if number not in _PORTS:
        raise BadInput(f"':{shortened(text)}' is no port; give :PORT, from :1 to :65535")
    return number
