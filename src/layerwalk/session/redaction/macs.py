"""Stand-ins for MAC addresses."""

from __future__ import annotations

import re

from layerwalk.session.redaction.numbering import Numbering

_PREFIX = "02005e"
_NOT_HEX = re.compile("[^0-9a-f]")
_GROUPS = ("01005e", "3333")
_SOLICITED = "3333ff"


class Macs:
    """``02:00:5e:00:00:01`` and so on. Zeros, broadcast and most groups stay.

    The group of a solicited node (RFC 4291 2.7.1) does not: it ends as its address does.
    """

    def __init__(self) -> None:
        self._numbers = Numbering()

    def stand_in(self, text: str) -> str:
        """Write the stand-in of a MAC address (of six bytes or more) as it was written."""
        digits = _NOT_HEX.sub("", text.lower())
        if digits.startswith(_PREFIX):
            self._numbers.keep(int(digits[6:12], 16))
            return text
        if _tells_nothing(digits):
            return text
        mine = f"{_PREFIX}{self._numbers.of(digits) & 0xFFFFFF:06x}"
        separator = "-" if "-" in text else ":"
        return separator.join(mine[at : at + 2] for at in range(0, 12, 2))


def _tells_nothing(digits: str) -> bool:
    if len(set(digits)) == 1 and digits[0] in "0f":
        return True
    return digits.startswith(_GROUPS) and not digits.startswith(_SOLICITED)
