"""Chance, a limit or the time: what made SYNs fail is found again."""

import random
from collections.abc import Iterable

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.syn_models import Schedule, fitted, reach_of_syns

TIMES = [when for when, _ in samples.pace(1.0, 1).schedule]
SLOW = [TIMES[-1] + 1.7 * number for number in (1, 2, 3)]


def limited(rate: float, burst: int, left: float, times: Iterable[float] = TIMES) -> Schedule:
    """What a token bucket lets pass, in which so much is left at the beginning."""
    found, last = [], 0.0
    for when in times:
        left, last = min(burst, left + rate * (when - last)), when
        passes = left >= 1
        left -= passes
        found.append((when, passes))
    return tuple(found)


@pytest.mark.parametrize(
    ("rate", "burst"), [(3.0, 3), (5.0, 5), (10.0, 5), (20.0, 10), (30.0, 5), (50.0, 5), (90.0, 4)]
)
def test_a_limit_is_found_with_its_rate(rate: float, burst: int) -> None:
    fit = fitted(limited(rate, burst, min(burst, rate / 2)))
    assert fit is not None
    assert (fit.is_limit, fit.is_windows, fit.decided_by) == (True, False, "their rate")
    assert fit.best.low <= rate <= fit.best.high
    assert fit.best.high < 3 * rate


def test_a_low_limit_is_found_by_slow_ones() -> None:
    fit = fitted(limited(1.0, 3, 0.6, [*TIMES, *SLOW]))
    assert fit is not None
    assert fit.is_limit
    assert 0.5 < fit.best.rate < 1.5


@pytest.mark.parametrize("lost", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_chance_is_neither(lost: float, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a seed makes it repeatable
    fit = fitted(tuple((when, dice.random() >= lost) for when in TIMES))
    assert fit is not None
    assert (fit.is_limit, fit.is_windows, fit.decided_by) == (False, False, "")


@pytest.mark.parametrize(("open_s", "turn_s"), [(0.3, 0.9), (0.5, 0.6), (0.2, 1.1)])
def test_open_and_shut_times_are_found(open_s: float, turn_s: float) -> None:
    fit = fitted(tuple((when, when % turn_s < open_s) for when in TIMES))
    assert fit is not None
    assert (fit.is_limit, fit.is_windows, fit.decided_by) == (False, True, "the time")
    assert fit.leans_to_windows


@pytest.mark.parametrize("worked", [True, False])
def test_where_all_fare_alike_nothing_decides(worked: bool) -> None:  # noqa: FBT001
    assert fitted(tuple((when, worked) for when in TIMES)) is None
    assert fitted(()) is None


def test_times_that_run_backwards_do_no_harm() -> None:
    assert fitted(((1.0, True), (0.0, False), (-5.0, True))) is not None


@pytest.mark.parametrize(
    ("heard", "last"),
    [
        ([(1, True), (2, True), (3, False), (3, False), (4, False), (4, False)], 2),
        ([(1, True), (2, True), (3, True)], 3),
        ([(1, False), (1, False), (2, False), (2, False)], 0),
        ([(1, True), (2, False), (2, False), (3, True), (4, False), (4, False)], 1),
        ([(1, True), (2, False), (2, True), (3, True)], 3),
        ([], 0),
    ],
)
def test_a_limit_sits_behind_the_last_hop_that_hears_of_all(
    heard: list[tuple[int, bool]], last: int
) -> None:
    assert reach_of_syns(heard) == last
