"""What this terminal can show, told from the environment alone; loads no screen."""

from __future__ import annotations

import os
import sys

# The Linux console draws at most 512 characters: lines and blocks, but no check marks.
_FEW_LETTERS = frozenset({"linux", "vt100", "vt102", "vt220"})
_NO_CLIPBOARD = _FEW_LETTERS
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
_UNCOERCED = ("LC_ALL", "LANG")
_COERCED = {"C.UTF-8", "C.utf8", "UTF-8"}


def can_paint() -> bool:
    """Tell whether a full screen can be painted: a terminal at both ends, and not a dumb one.

    Textual reads standard input and paints on standard error.
    """
    if os.environ.get("TERM", "") in {"", "dumb"}:
        return False
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return all(stream is not None and stream.isatty() for stream in streams)


def unicode_ok() -> bool:
    """Tell whether letters beyond ASCII come out right.

    POSIX: the first of LC_ALL, LC_CTYPE and LANG that is set and not empty decides (Python itself
    turns a C locale into UTF-8, and so can't be asked; it even sets LC_CTYPE for that, PEP 538,
    which is why a C locale in LANG outweighs those words there).
    """
    if os.environ.get("TERM", "") in _FEW_LETTERS:
        return False
    names = _LOCALE if os.environ.get("LC_CTYPE") not in _COERCED else _UNCOERCED
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    encoding = locale.partition(".")[2].partition("@")[0]
    return encoding.lower().replace("-", "") == "utf8"


def takes_copies() -> bool:
    """Tell whether the terminal may have a clipboard that OSC 52 reaches."""
    return os.environ.get("TERM", "") not in _NO_CLIPBOARD


def inside_tmux() -> bool:
    """Tell whether tmux stands between, which passes OSC 52 on only if it is set to."""
    return bool(os.environ.get("TMUX"))


def without_color() -> bool:
    """Tell whether the person asked for no colour."""
    return "NO_COLOR" in os.environ
