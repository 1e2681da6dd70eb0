"""How single values on the command line are read or refused."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path

from layerwalk.session.saving import check_destination, check_place
from layerwalk.session.targets import BadInput

MOST_BYTES = 16_000_000
"""How much of standard input is read."""
LONGEST_S = 86_400.0


def seconds(text: str) -> float:
    """Read a number of seconds above 0.

    Raises:
        argparse.ArgumentTypeError: it is none, or more than a day.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= LONGEST_S:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no number of seconds above 0 and up to {LONGEST_S:.0f}"
        )
    return number


def error_text(text: str) -> str:
    """Read a pasted text; ``-`` stands for standard input.

    Raises:
        argparse.ArgumentTypeError: there is nothing in it.
    """
    if text == "-":
        text = sys.stdin.buffer.read(MOST_BYTES).decode(errors="replace") if sys.stdin else ""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; give the error line between quotes, or - ")
    return text


def role(text: str) -> str:
    """Read where this machine stands.

    Raises:
        argparse.ArgumentTypeError: nobody stands there, or that is not built yet.
    """
    if text in {"client", "server"}:
        return text
    if text == "gateway":
        raise argparse.ArgumentTypeError(f"{text} is not built yet; client and server are")
    raise argparse.ArgumentTypeError(f"'{text}' is no role; client and server are")


def destination(text: str) -> Path:
    """Read the name of a file that a report can be saved to.

    Raises:
        argparse.ArgumentTypeError: it can't be one, as far as can be known now.
    """
    return _checked(check_destination, text)


def place(text: str) -> Path:
    """Read the name of a file that anything can be written to.

    Raises:
        argparse.ArgumentTypeError: it can't be one, as far as can be known now.
    """
    return _checked(check_place, text)


def _checked(check: Callable[[str], Path], text: str) -> Path:
    try:
        return check(text)
    except BadInput as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal
