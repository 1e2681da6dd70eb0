"""What decides whether a SYN is answered: chance, a limit on their rate, or the time.

Each is a model of which SYNs of a schedule are answered, and they are compared by likelihood:

- chance: every SYN is lost with the same probability;
- a limit: a token bucket (so many at once, then so many a second), as nft's and iptables' limits;
- windows: the port takes all SYNs for a while, then none for a while (a two-state Markov chain in
  continuous time), as a full queue does from which something is taken now and then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log

Schedule = tuple[tuple[float, bool], ...]
"""Seconds and whether the SYN was answered, in the order of sending."""

BETTER, MUCH_BETTER = log(20), log(1000)
"""A model is believed where it makes what was seen a thousand times likelier than chance does, and
twenty times likelier than the other one."""

_ODD = 0.02
_STEP = 1.12
_RATES = tuple(0.05 * _STEP**step for step in range(76))
_BURSTS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50)
_WINDOWS = tuple(0.002 * 1.8**step for step in range(15))
_UNSURE = 0.2
_NEARER = 2.5
"""A hop that once did not answer is no limit in front of it yet."""

_BOUND = 5.0
"""A rate is within the bounds where it fits at most so much worse than the best one."""


@dataclass(frozen=True)
class Limit:
    """A token bucket: SYNs a second, with bounds, and how many at once."""

    rate: float
    low: float
    high: float
    burst: int


@dataclass(frozen=True)
class Fit:
    """The log-likelihood of a schedule under each model, and the limit that fits best."""

    chance: float
    limit: float
    windows: float
    best: Limit

    @property
    def is_limit(self) -> bool:
        """Whether a limit explains it far better than chance, and better than the time."""
        return self.limit > max(self.chance + MUCH_BETTER, self.windows + BETTER)

    @property
    def leans_to_windows(self) -> bool:
        """Whether the time explains it better than anything else, if not far better."""
        return self.windows > max(self.chance, self.limit) + BETTER

    @property
    def decided_by(self) -> str:
        """What decides instead of chance, in words; empty where chance may."""
        return "their rate" if self.is_limit else "the time" if self.is_windows else ""

    @property
    def is_windows(self) -> bool:
        """Whether the time explains it far better than chance, and better than a limit."""
        return self.windows > max(self.chance + MUCH_BETTER, self.limit + BETTER)


@lru_cache(maxsize=32)
def fitted(schedule: Schedule) -> Fit | None:
    """Fit all models; ``None`` where all SYNs fared alike, so that there is nothing to explain."""
    answered = sum(worked for _, worked in schedule)
    if answered in {0, len(schedule)}:
        return None
    limits = [
        (max(_limited(schedule, rate, burst, it) for it in _starts(schedule, burst)), -burst, rate)
        for burst in _BURSTS
        for rate in _RATES
    ]
    best, burst, rate = max(limits)
    near = [one for fit, _, one in limits if fit > best - _BOUND]
    found = Limit(rate, min(near) / _STEP, max(near) * _STEP, -burst)
    windows = max(_timed(schedule, up, down) for up in _WINDOWS for down in _WINDOWS)
    return Fit(_by_chance(answered, len(schedule)), best, windows, found)


def _by_chance(answered: int, whole: int) -> float:
    rate = answered / whole
    return answered * log(rate) + (whole - answered) * log(1 - rate)


def _starts(schedule: Schedule, burst: int) -> Iterator[int]:
    """With how many tokens the bucket may begin: all, none, or as many as were answered at once."""
    run = next((n for n, (_, worked) in enumerate(schedule) if not worked), len(schedule))
    yield from sorted({0, burst, *(it for it in (run, run - 1) if 0 < it < burst)})


def _limited(schedule: Schedule, rate: float, burst: int, start: int) -> float:
    """How well a token bucket foretells each SYN."""
    tokens, last, total = float(start), schedule[0][0], 0.0
    for when, worked in schedule:
        tokens = min(burst, tokens + rate * (when - last))
        last = when
        passes = _passing(tokens)
        total += log(passes if worked else 1 - passes)
        if worked:
            tokens = max(tokens - 1, 0.0)
    return total


def _passing(tokens: float) -> float:
    """How probable it is that a SYN passes; just at the edge, a packet's delay decides."""
    if tokens >= 1 + _UNSURE:
        return 1 - _ODD
    return _ODD if tokens <= 1 - _UNSURE else 0.5


def _timed(schedule: Schedule, up_s: float, down_s: float) -> float:
    """How well open and shut times of these mean lengths foretell each SYN by the one before."""
    is_open = up_s / (up_s + down_s)
    pace = 1 / up_s + 1 / down_s
    total = log(is_open if schedule[0][1] else 1 - is_open)
    for (before, was), (now, worked) in pairwise(schedule):
        held = exp(-pace * max(now - before, 0.0))
        opens = is_open + ((1.0 if was else 0.0) - is_open) * held
        opens = min(max(opens, _ODD / 2), 1 - _ODD / 2)
        total += log(opens if worked else 1 - opens)
    return total


def reach_of_syns(heard: Sequence[tuple[int, bool]]) -> int:
    """The last hop in front of a limit, by SYNs that expire at hops: ``(hop, heard of)``.

    All are heard of in front of it, and of those behind it the fewer, the better it is reached.
    """
    hops = sorted({hop for hop, _ in heard})
    best, place = float("-inf"), 0
    for last in (0, *hops):
        behind = [one for hop, one in heard if hop > last]
        passed = sum(behind)
        fit = _by_chance_or_none(passed, len(behind))
        fit += sum(log(1 - _ODD if one else _ODD) for hop, one in heard if hop <= last)
        fit -= _NEARER if hops and last < hops[-1] else 0.0
        if fit >= best:
            best, place = fit, last
    return place


def _by_chance_or_none(passed: int, whole: int) -> float:
    if whole == 0:
        return 0.0
    if passed == whole:
        return whole * log(1 - _ODD) - 1
    rate = max(passed / whole, _ODD)
    return passed * log(rate) + (whole - passed) * log(1 - rate)
