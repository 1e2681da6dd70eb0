"""What so many of so many say of the whole: interval and comparison of proportions.

The interval is Wilson's score interval (E. B. Wilson, 1927; recommended for small numbers by Brown,
Cai and DasGupta, 2001), two-sided, 95 %. Two proportions are compared by the pooled z-test.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)
_UNLIKE = _Z


@dataclass(frozen=True)
class Share:
    """``part`` of ``whole``."""

    part: int
    whole: int

    @property
    def rate(self) -> float:
        """The plain proportion, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def low(self) -> float:
        """The lower 95 % bound; nothing was seen: 0."""
        return self._bounds()[0]

    @property
    def high(self) -> float:
        """The upper 95 % bound; nothing was seen: 1."""
        return self._bounds()[1]

    @property
    def interval(self) -> str:
        """Both bounds in words."""
        if self.low <= 0.0:
            return f"at most {self.high:.0%}"
        return f"{self.low:.0%} to {self.high:.0%}"

    def _bounds(self) -> tuple[float, float]:
        if not self.whole:
            return 0.0, 1.0
        n, p, zz = self.whole, self.rate, _Z * _Z
        middle = (p + zz / (2 * n)) / (1 + zz / n)
        half = _Z * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def unlike(self, other: Share) -> bool:
        """Whether chance alone makes two shares so different in less than one case of twenty."""
        both = self + other
        if both.rate in {0.0, 1.0} or not (self.whole and other.whole):
            return False
        error = sqrt(both.rate * (1 - both.rate) * (1 / self.whole + 1 / other.whole))
        return abs(self.rate - other.rate) / error > _UNLIKE

    def __add__(self, other: Share) -> Share:
        """Take two samples of the same thing together."""
        return Share(self.part + other.part, self.whole + other.whole)


def rarity(first: Share, second: Share) -> float:
    """How probable it is that chance alone makes ``first`` so much greater than ``second``.

    Fisher's exact test, one-sided (R. A. Fisher, 1922); 1 where either is of nothing.
    """
    if not (first.whole and second.whole):
        return 1.0
    both = first + second
    ways = (
        comb(first.whole, part) * comb(second.whole, both.part - part)
        for part in range(first.part, min(first.whole, both.part) + 1)
    )
    return sum(ways) / comb(both.whole, both.part)
