"""What so many of so many say: Wilson's interval against published figures."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import Share
from layerwalk.probes.facts.proportion import rarity

COUNTS = st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 20, 0.0, 0.1611), (1, 20, 0.0089, 0.2361), (81, 263, 0.2553, 0.3662), (20, 20, 0.8389, 1)],
)
def test_the_bounds_are_wilsons(part: int, whole: int, low: float, high: float) -> None:
    share = Share(part, whole)
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


def test_nothing_seen_means_nothing_known() -> None:
    nothing = Share(0, 0)
    assert (nothing.rate, nothing.low, nothing.high) == (0.0, 0.0, 1.0)
    assert not nothing.unlike(Share(5, 10))


@given(COUNTS)
def test_the_bounds_hold_the_share(counts: tuple[int, int]) -> None:
    share = Share(*counts)
    assert 0.0 <= share.low <= share.rate + 1e-9
    assert share.rate - 1e-9 <= share.high <= 1.0


def test_more_of_the_same_is_surer() -> None:
    assert Share(20, 100).low > Share(2, 10).low
    assert Share(2, 10) + Share(3, 20) == Share(5, 30)


def test_shares_are_alike_until_chance_can_not_explain_it() -> None:
    assert not Share(3, 20).unlike(Share(30, 120))
    assert not Share(0, 20).unlike(Share(0, 120))
    assert Share(0, 20).unlike(Share(48, 120))
    assert Share(48, 120).unlike(Share(0, 20))


def test_the_interval_is_said_in_words() -> None:
    assert Share(0, 32).interval == "at most 11%"
    assert Share(80, 120).interval == "58% to 74%"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Share(5, 5), Share(0, 20), 1 / comb(25, 5)),
        (Share(0, 5), Share(5, 20), 1.0),
        (Share(3, 3), Share(3, 3), 1.0),
        (Share(2, 3), Share(0, 3), 3 / comb(6, 2)),
        (Share(3, 3), Share(0, 0), 1.0),
    ],
)
def test_a_difference_is_as_rare_as_its_ways_are_few(
    first: Share, second: Share, expected: float
) -> None:
    assert rarity(first, second) == pytest.approx(expected)
