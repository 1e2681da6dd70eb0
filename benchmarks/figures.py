"""The arithmetic: medians, ratios, and the busiest second of a row of packets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Compared:
    """One thing measured in two ways, several times each: ours beside theirs."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Our median as a part of theirs: below one is quicker."""
        return median(self.ours) / median(self.theirs)


def median_of_ratios(compared: Sequence[Compared]) -> float:
    """The ratio that half of these lie below: each counts as much as any other."""
    return median(it.ratio for it in compared)


def ratio_of_sums(compared: Sequence[Compared]) -> float:
    """The ratio of doing all of these once: what takes long counts most."""
    return sum(median(it.ours) for it in compared) / sum(median(it.theirs) for it in compared)


def busiest(moments: Iterable[float], span_s: float = 1.0) -> int:
    """The most of these moments that fall into any span of that length, its end left out."""
    ordered = sorted(moments)
    first, most = 0, 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - span_s:
            first += 1
        most = max(most, last - first + 1)
    return most


def busiest_by_address(packets: Iterable[tuple[float, str]]) -> tuple[int, str]:
    """The most packets to one address in any second, and that address; (0, "") for none."""
    moments: dict[str, list[float]] = {}
    for moment, address in packets:
        moments.setdefault(address, []).append(moment)
    return max(((busiest(times), address) for address, times in moments.items()), default=(0, ""))
