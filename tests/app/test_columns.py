"""Columns fit any width; what matters least goes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.tui.columns import GAP, PATH, TABLES, fitted

IPV4 = dict(zip([it.id for it in PATH], (3, 22, 0, 4, 4, 4, 4, 4, 5, 8, 8, 10), strict=True))


@given(
    st.sampled_from(sorted(TABLES)),
    st.lists(st.integers(0, 90), min_size=12, max_size=12),
    st.integers(20, 400),
)
def test_they_never_go_beyond_the_width(name: str, needs: list[int], width: int) -> None:
    table = TABLES[name]
    wanted = {column.id: need for column, need in zip(table, needs, strict=False)}
    widths = fitted(table, wanted, width)
    assert sum(widths.values()) + GAP * max(0, len(widths) - 1) <= width
    assert all(1 <= widths[it] <= wanted[it] for it in widths)
    always = {column.id for column in table if column.rank == 0 and wanted[column.id]}
    assert always <= set(widths)


@pytest.mark.parametrize(
    ("width", "gone"),
    [
        (200, set()),
        (78, {"udp"}),
        (70, {"udp", "received", "sent"}),
        (58, {"udp", "received", "sent", "best", "worst"}),
        (40, {"udp", "received", "sent", "best", "worst", "icmp", "mean"}),
    ],
)
def test_a_path_loses_what_matters_least_first(width: int, gone: set[str]) -> None:
    asked = {name for name, need in IPV4.items() if need}
    assert asked - set(fitted(PATH, IPV4, width)) == gone


def test_names_show_where_there_is_room_for_them() -> None:
    named = IPV4 | {"name": 30}
    assert fitted(PATH, named, 130)["name"] == 30
    assert fitted(PATH, named, 80)["name"] >= 12
    assert "name" not in fitted(PATH, named, 50)


def test_an_address_of_ipv6_is_whole_at_80_columns() -> None:
    assert fitted(PATH, IPV4 | {"address": 39}, 78)["address"] == 39
