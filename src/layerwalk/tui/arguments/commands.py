"""Which commands there are, and which of them a command line names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.app import read_app
from layerwalk.tui.arguments.causes import read_causes
from layerwalk.tui.arguments.demo import read_demo
from layerwalk.tui.arguments.diagnose import read_diagnose
from layerwalk.tui.arguments.saved import read_open, read_report
from layerwalk.tui.arguments.sockets import read_sockets
from layerwalk.tui.requests import Request

COMMANDS: dict[str, Callable[[Sequence[str]], Request]] = {
    "diagnose": read_diagnose,
    "open": read_open,
    "report": read_report,
    "causes": read_causes,
    "sockets": read_sockets,
    "demo": read_demo,
}
LATER_COMMANDS = ("watch",)


def parse(words: Sequence[str]) -> Request:
    """Understand the words behind ``layerwalk``.

    Raises:
        BadInput: they can't be used; the message names the argument and what would do.
        SystemExit: they asked for help or for the version, which has been printed.
    """
    first = words[0] if words else ""
    if first in LATER_COMMANDS:
        raise BadInput(f"the command {first} is not built yet (a host of that name: {first}:PORT)")
    command = COMMANDS.get(first)
    return command(words[1:]) if command else read_app(words, {*COMMANDS, *LATER_COMMANDS})
