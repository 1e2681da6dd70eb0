import itertools

import pytest

from layerwalk.tui.statuses import combined


@pytest.mark.parametrize(
    ("several", "one"),
    [((), 0), ((0, 0), 0), ((0, 3), 3), ((3, 1), 1), ((1, 2, 3), 2), ((0, 1, 2, 3, 130), 130)],
)
def test_the_first_of_the_order_wins(several: tuple[int, ...], one: int) -> None:
    for order in itertools.permutations(several):
        assert combined(order) == one
