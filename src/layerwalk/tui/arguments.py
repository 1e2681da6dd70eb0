"""The command line, understood or refused: from words to a request."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from layerwalk import __version__
from layerwalk.probes.facts.target import Target
from layerwalk.session.options import BUDGET_S, Options
from layerwalk.session.saving import check_destination
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui.console import say
from layerwalk.tui.requests import Causes, Demo, Detail, Diagnose, Open, Request

LATER_COMMANDS = ("watch", "open", "report", "sockets")
LATER_OPTIONS = (
    *("--from-error", "--pcap", "--timeout", "--ports", "--rate", "--source", "--mark", "--pid"),
    *("--redact", "--config", "--client", "--trace-firewall", "--count"),
)
LONGEST_BUDGET_S = 86_400.0
HOST_FORMS = "host, host:port, [v6]:port or a URL (tcp:// tls:// http:// https://)"
OVERVIEW = f"""\
commands:
  layerwalk                    open the app on its start screen
  layerwalk TARGET             open the app and walk at once
  layerwalk diagnose TARGET... the same walk without the app: a verdict as text or JSON
  layerwalk causes [ID]        the catalogue of causes, or one of them explained
  layerwalk demo [FAULT]       break a small network on this machine, and walk in it

TARGET is {HOST_FORMS}.
With --json, -q or -v no app is opened, as with diagnose.
Exit status: 0 no fault found, 1 a fault found, 2 bad usage or input, 3 inconclusive,
130 interrupted.
"""


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one line, and takes no abbreviations."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings
        )

    def error(self, message: str) -> NoReturn:
        """Refuse with what argparse found wrong.

        Raises:
            BadInput: always.
        """
        raise BadInput(f"{message} (see {self.prog} --help)")

    def print_help(self, _file: object = None) -> None:
        """Print the help, even to a reader that goes before its end."""
        say(self.format_help())


class _Version(argparse.Action):
    """The option that prints the version and ends."""

    def __call__(self, *_parsed: object, **_named: object) -> NoReturn:
        """Print the version.

        Raises:
            SystemExit: always.
        """
        say(f"layerwalk {__version__}\n")
        raise SystemExit(0)


class _Later(argparse.Action):
    """An option that the design has and this version has not."""

    def __call__(self, *_parsed: object, **_named: object) -> NoReturn:
        """Refuse the option, whatever its value.

        Raises:
            BadInput: always.
        """
        raise BadInput(f"{self.option_strings[0]} is not built yet")


def parse(words: Sequence[str]) -> Request:
    """Understand the words behind ``layerwalk``.

    Raises:
        BadInput: they can't be used; the message names the argument and what would do.
        SystemExit: they asked for help or for the version, which has been printed.
    """
    first = words[0] if words else ""
    if first in LATER_COMMANDS:
        raise BadInput(f"the command {first} is not built yet (a host of that name: {first}:PORT)")
    command = _COMMANDS.get(first)
    return command(words[1:]) if command else _app(words)


def _app(words: Sequence[str]) -> Request:
    parser = _Parser(
        prog="layerwalk",
        usage="layerwalk [options] [TARGET] | layerwalk COMMAND ...",
        description="Find out, layer by layer, why a connection times out.",
        epilog=OVERVIEW,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=HOST_FORMS)
    _add_walking(parser)
    asked = _parsed(parser, words)
    target = _only_target(asked)
    if asked.json or asked.detail is not Detail.USUAL:
        if target is None:
            raise BadInput("--json, -q and -v need a TARGET: host, host:port or a URL")
        return _diagnose_request(asked, (target,))
    return Open(target=target, family=asked.family, options=_options(asked), output=asked.output)


def _only_target(asked: argparse.Namespace) -> Target | None:
    first = asked.targets[0] if asked.targets else ""
    if first in {*_COMMANDS, *LATER_COMMANDS}:
        raise BadInput(f"the command {first} goes first: layerwalk {first} ...")
    if len(asked.targets) > 1:
        raise BadInput("the app takes one TARGET; for several say layerwalk diagnose TARGET...")
    return _target(asked, first) if asked.targets else None


def _diagnose(words: Sequence[str]) -> Diagnose:
    parser = _Parser(
        prog="layerwalk diagnose", description="Walk to each target and print the verdict."
    )
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=HOST_FORMS)
    _add_walking(parser)
    asked = _parsed(parser, words)
    if not asked.targets:
        raise BadInput("diagnose needs a TARGET: host, host:port or a URL")
    return _diagnose_request(asked, tuple(_target(asked, text) for text in asked.targets))


def _diagnose_request(asked: argparse.Namespace, targets: tuple[Target, ...]) -> Diagnose:
    return Diagnose(
        targets=targets,
        options=_options(asked),
        json=asked.json,
        output=asked.output,
        detail=asked.detail,
    )


def _causes(words: Sequence[str]) -> Causes:
    parser = _Parser(
        prog="layerwalk causes", description="Show the catalogue of causes, or explain one."
    )
    parser.add_argument("cause", metavar="ID", nargs="?", help="the cause to explain")
    return Causes(_parsed(parser, words).cause)


def _demo(words: Sequence[str]) -> Demo:
    parser = _Parser(
        prog="layerwalk demo",
        description="Break a small network on this machine (in namespaces), and walk in it.",
    )
    parser.add_argument("fault", metavar="FAULT", nargs="?", help="what is to be broken")
    parser.add_argument("--list", action="store_true", dest="listing", help="the faults to choose")
    _add_detail(parser)
    asked = _parsed(parser, words)
    if asked.listing and asked.fault:
        raise BadInput(f"--list shows all faults; leave '{asked.fault}' out, or leave --list out")
    return Demo(fault=asked.fault, listing=asked.listing, detail=asked.detail)


_COMMANDS: dict[str, Callable[[Sequence[str]], Request]] = {
    "diagnose": _diagnose,
    "causes": _causes,
    "demo": _demo,
}


def _add_walking(parser: _Parser) -> None:
    """Add the options that all walking commands share."""
    add = parser.add_argument
    add("--json", action="store_true", help="print the report as JSON, and nothing else")
    add("-o", metavar="FILE", type=_destination, dest="output", help="save it, too: .json .md .txt")
    add("--budget", metavar="S", type=_budget, default=BUDGET_S, help="longest walk, in seconds")
    families = parser.add_mutually_exclusive_group()
    families.add_argument("-4", action="store_const", const=4, dest="family", help="IPv4 only")
    families.add_argument("-6", action="store_const", const=6, dest="family", help="IPv6 only")
    add("--unprivileged", action="store_true", help="behave as without raw-socket rights")
    add("--role", type=_role, default="client", help="where this machine stands: client")
    _add_detail(parser)
    for name in LATER_OPTIONS:
        add(name, action=_Later, nargs="?", help=argparse.SUPPRESS)


def _add_detail(parser: _Parser) -> None:
    how = parser.add_mutually_exclusive_group()
    for flag, detail, words in (("-q", Detail.LITTLE, "say less"), ("-v", Detail.ALL, "say all")):
        how.add_argument(
            flag,
            action="store_const",
            const=detail,
            default=Detail.USUAL,
            dest="detail",
            help=words,
        )


def _parsed(parser: _Parser, words: Sequence[str]) -> argparse.Namespace:
    try:
        return parser.parse_args(list(words))
    except ValueError as refusal:
        raise BadInput(str(refusal)) from refusal


def _target(asked: argparse.Namespace, text: str) -> Target:
    return parse_target(text, asked.family)


def _options(asked: argparse.Namespace) -> Options:
    return Options(budget_s=asked.budget, unprivileged=asked.unprivileged)


def _budget(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_BUDGET_S:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no number of seconds above 0 and up to {LONGEST_BUDGET_S:.0f}"
        )
    return seconds


def _role(text: str) -> str:
    if text == "client":
        return text
    if text in {"server", "gateway"}:
        raise argparse.ArgumentTypeError(f"{text} is not built yet; client is")
    raise argparse.ArgumentTypeError(f"'{text}' is no role; client is one")


def _destination(text: str) -> Path:
    try:
        return check_destination(text)
    except BadInput as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal
