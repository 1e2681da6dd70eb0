"""The largest packet that passes, to the byte, where nobody says it: many sizes in flight at once.

First the sizes that links have in practice, then ever closer together. A silent size is not asked
twice on the way: larger ones that were silent at the same time speak for it, and in the end it is
asked so often that chance is out of the question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from layerwalk.probes.sizes import Sizer

USUAL = (
    576, 1000, 1200, 1280, 1300, 1350, 1380, 1400, 1412, 1420, 1430, 1436, 1440, 1450, 1454, 1460,
    1472, 1476, 1480, 1492, 1500, 2000, 3000, 4352, 4470, 8000, 8900, 9000,
)  # fmt: skip
"""What tunnels, PPPoE, FDDI and jumbo frames leave of a packet."""

_PER_ROUND, _PER_ROUND_DEAR = 16, 12
_ROUNDS = 30
_PATIENT_S = 0.3


@dataclass
class Limit:
    """The gap between the largest size that ``passes`` and the smallest that ``vanishes`` (or 0).

    ``look`` is called after every round, with the means to take in what came back.
    """

    sizer: Sizer
    passes: int
    vanishes: int
    over: Callable[[], bool]

    def close_in(self) -> None:
        """Close the gap, and make sure of it: what was only slow or lost has not vanished."""
        largest = self.vanishes
        self._round(self._usual())
        for _ in range(_ROUNDS):
            if self.over():
                return
            if self.vanishes - self.passes > 1:
                self._round(self._spread())
            elif self._is_sure(largest):
                return

    def _usual(self) -> list[int]:
        between = [size for size in USUAL if self.passes < size < self.vanishes]
        most = self._most()
        return between[:: -(-len(between) // most)] if len(between) > most else between

    def _spread(self) -> list[int]:
        step = max((self.vanishes - self.passes) // (self._most() + 1), 1)
        return list(range(self.passes + step, self.vanishes, step))[: self._most()]

    def _most(self) -> int:
        return _PER_ROUND_DEAR if self.sizer.wire.means.is_dear("echo") else _PER_ROUND

    def _round(self, sizes: list[int]) -> None:
        if sizes:
            self.sizer.ask(sizes, tries=1)
            self._learn()

    def _is_sure(self, largest: int) -> bool:
        """Again and again, and patiently; a size that arrives after all opens another gap."""
        smallest = self.vanishes
        self.sizer.insist(sorted({smallest, largest}), patience_s=_PATIENT_S)
        self._learn()
        return self.vanishes in {0, smallest}

    def _learn(self) -> None:
        self.passes = max(self.passes, self.sizer.passed())
        self.vanishes = self.sizer.tried_and_failed()
