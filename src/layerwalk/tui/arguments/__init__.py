"""The command line, understood or refused: from words to a request.

One file a command; what all walking commands share is in ``walking``, how one value is read in
``values``, how all of them refuse in ``parser``.
"""

from layerwalk.tui.arguments.commands import COMMANDS, LATER_COMMANDS, parse
from layerwalk.tui.arguments.walking import LATER_OPTIONS

__all__ = ["COMMANDS", "LATER_COMMANDS", "LATER_OPTIONS", "parse"]
