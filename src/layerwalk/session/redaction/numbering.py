"""Numbers for things as they come: the same thing always has the same one."""

from __future__ import annotations

from collections.abc import Hashable


class Numbering:
    """Counts from 1, and passes over the numbers of stand-ins that came from elsewhere."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._kept: set[int] = set()
        self._last = 0

    def of(self, thing: Hashable) -> int:
        """The number of a thing; the next free one where it is new."""
        if thing not in self._numbers:
            self._last += 1
            while self._last in self._kept:
                self._last += 1
            self._numbers[thing] = self._last
        return self._numbers[thing]

    def keep(self, number: int) -> None:
        """Give this number to nothing: a stand-in of another redaction has it."""
        self._kept.add(number)
