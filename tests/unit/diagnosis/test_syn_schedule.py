"""When the kernel gives up: by the rule, and as measured."""

from itertools import islice

import pytest

from layerwalk.diagnosis.syn_schedule import gives_up_s, moments_s


@pytest.mark.parametrize(
    ("retries", "seconds"), [(1, 3), (2, 7), (3, 15), (4, 31), (5, 63), (6, 127), (7, 247)]
)
def test_pauses_that_double_end_as_they_always_did(retries: int, seconds: float) -> None:
    assert gives_up_s(retries) == seconds


@pytest.mark.parametrize(
    ("retries", "seconds"), [(1, 3), (2, 7), (3, 19), (4, 35), (5, 67), (6, 131)]
)
def test_linear_repeats_put_the_end_off(retries: int, seconds: float) -> None:
    assert gives_up_s(retries, linear=4) == seconds


def test_the_timer_fires_every_second_first() -> None:
    assert list(islice(moments_s(4), 9)) == [1, 2, 3, 4, 5, 7, 11, 19, 35]
    assert list(islice(moments_s(0), 5)) == [1, 3, 7, 15, 31]


def test_a_longest_pause_bounds_the_doubling() -> None:
    assert list(islice(moments_s(0, longest_s=2.0), 4)) == [1, 3, 5, 7]
    assert gives_up_s(3, longest_s=2.0) == 7
    assert gives_up_s(127) == 127 + 121 * 120
