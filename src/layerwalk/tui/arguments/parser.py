"""The parser that all commands share: it refuses in one line, and takes no abbreviations."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from layerwalk import __version__
from layerwalk.session.targets import BadInput
from layerwalk.tui.console import say


class Parser(argparse.ArgumentParser):
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


class Version(argparse.Action):
    """The option that prints the version and ends."""

    def __call__(self, *_parsed: object, **_named: object) -> NoReturn:
        """Print the version.

        Raises:
            SystemExit: always.
        """
        say(f"layerwalk {__version__}\n")
        raise SystemExit(0)


class Later(argparse.Action):
    """An option that the design has and this version has not."""

    def __call__(self, *_parsed: object, **_named: object) -> NoReturn:
        """Refuse the option, whatever its value.

        Raises:
            BadInput: always.
        """
        raise BadInput(f"{self.option_strings[0]} is not built yet")


def parsed(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    """Parse the words.

    Raises:
        BadInput: they can't be used.
    """
    try:
        return parser.parse_args(list(words))
    except ValueError as refusal:
        raise BadInput(str(refusal)) from refusal
