"""The letters and signs that this terminal can show: one table for Unicode, one for ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from layerwalk.session.plain import plain, plain_block


class Sign(Enum):
    """A sign that goes before a word, each in Unicode and in ASCII; never without the word."""

    GOOD = "✓", "+"
    BAD = "\N{MULTIPLICATION SIGN}", "x"
    OPEN = "?", "?"
    BROKEN = "!", "!"
    RUNNING = "•", "*"
    NONE = " ", " "
    CHOSEN = "►", ">"
    SO = "→", "->"
    DECIDES = "◄", "<"
    CUT = "…", "~"
    RULE = "─", "-"
    STRONG_RULE = "━", "="
    ONLY = "──", "--"
    FIRST = "┬─", "+-"
    NEXT = "├─", "|-"
    LAST = "└─", "`-"
    BAR = "│", "|"


@dataclass(frozen=True)
class Lettering:
    """How text and signs are written on this terminal."""

    unicode: bool = True

    def sign(self, sign: Sign) -> str:
        """Write a sign."""
        return sign.value[0 if self.unicode else 1]

    def text(self, text: str) -> str:
        """Write text from anywhere as one harmless line."""
        return self._known(plain(text))

    def block(self, text: str) -> str:
        """Write text from anywhere, its line feeds kept, all else harmless."""
        return self._known(plain_block(text))

    def _known(self, text: str) -> str:
        if self.unicode:
            return text
        return text.encode("ascii", "backslashreplace").decode("ascii")
