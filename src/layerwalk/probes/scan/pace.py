"""How fast a scan may ask: never more than so many packets in any second."""

from __future__ import annotations

_BURST_S = 0.02
LEAST = 20
"""Where halving stops, in packets a second; lower only where no more was allowed."""


class Pace:
    """A bucket that fills at the ``rate`` that holds now; ``least`` is the lowest so far.

    The bucket holds a fiftieth of a second, and fills by that much slower: a second never sees more
    than its rate.
    """

    def __init__(self, rate: int, now: float) -> None:
        self.rate = self.least = rate
        self._floor = min(rate, LEAST)
        self._credit = 1.0
        self._when = now

    @property
    def burst(self) -> int:
        """How many packets may leave at once."""
        return max(1, int(self.rate * _BURST_S))

    def credit(self, now: float) -> int:
        """How many packets may leave now."""
        more = (now - self._when) * self.rate * (1 - _BURST_S)
        self._credit = min(self._credit + more, float(self.burst))
        self._when = now
        return int(self._credit)

    def spend(self, packets: int) -> None:
        """Note that packets left."""
        self._credit -= packets

    def wait_s(self) -> float:
        """How long until a worthwhile number may leave."""
        wanted = max(1.0, self.burst / 2)
        return max(0.0, (wanted - self._credit) / (self.rate * (1 - _BURST_S)))

    def halve(self) -> None:
        """Go half as fast from now on."""
        self.rate = max(self._floor, self.rate // 2)
        self.least = min(self.least, self.rate)
        self._credit = min(self._credit, float(self.burst))
