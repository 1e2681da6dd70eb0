"""What is printed: to whom, in which encoding, and what if nobody listens any more."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from layerwalk.session.plain import plain


def prepare() -> None:
    """Let no character stop a line: what the terminal's encoding lacks goes out as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print to standard output, already harmless; quiet where the reader has gone.

    Raises:
        OSError: standard output takes no more, as on a full disk.
    """
    if sys.stdout is not None:
        with _unless_gone(sys.stdout):
            sys.stdout.write(text)
            sys.stdout.flush()


def hand_out(pieces: Iterable[bytes]) -> None:
    """Write bytes to standard output, piece by piece, untouched by its encoding.

    Raises:
        OSError: standard output takes no more, as on a full disk.
    """
    if sys.stdout is not None:
        with _unless_gone(sys.stdout):
            sys.stdout.flush()
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()


def complain(message: str) -> None:
    """Print one line to standard error, under the command's name."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"layerwalk: {plain(message)}\n")
            sys.stderr.flush()


@contextlib.contextmanager
def _unless_gone(stream: TextIO) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        abandon(stream)


def abandon(stream: TextIO) -> None:
    """Point a stream to nowhere, so that what is left in it troubles nobody at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
