"""Medians, ratios and the busiest second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import (
    Compared,
    busiest,
    busiest_by_address,
    median_of_ratios,
    ratio_of_sums,
)

QUICK = Compared((1.0, 1.0, 9.0), (10.0, 10.0, 10.0))
SLOW = Compared((8.0,), (4.0,))
EVEN = Compared((3.0, 5.0), (4.0,))
MOMENTS = st.lists(st.integers(0, 40).map(lambda quarters: quarters / 4), max_size=30)


def test_a_ratio_is_of_medians() -> None:
    assert QUICK.ratio == pytest.approx(0.1)
    assert EVEN.ratio == pytest.approx(1.0)


def test_every_ratio_counts_alike_in_their_median() -> None:
    assert median_of_ratios([SLOW, QUICK, EVEN]) == pytest.approx(1.0)


def test_what_takes_long_counts_most_in_the_sums() -> None:
    assert ratio_of_sums([SLOW, QUICK, EVEN]) == pytest.approx(13 / 18)


def test_a_span_ends_before_its_second_is_over() -> None:
    assert busiest([0.0, 0.5, 1.0]) == 2
    assert busiest([0.0, 0.5, 0.999]) == 3
    assert busiest([3.0, 0.0, 2.9, 2.8]) == 3
    assert busiest([]) == 0


@given(MOMENTS)
def test_the_busiest_span_begins_with_a_packet(moments: list[float]) -> None:
    spans = [sum(begin <= it < begin + 1 for it in moments) for begin in moments]
    assert busiest(moments) == max(spans, default=0)


def test_each_address_has_a_busiest_second_of_its_own() -> None:
    packets = [(0.0, "192.0.2.1"), (0.1, "192.0.2.2"), (0.2, "192.0.2.1"), (5.0, "192.0.2.2")]
    assert busiest_by_address(packets) == (2, "192.0.2.1")
    assert busiest_by_address([]) == (0, "")
