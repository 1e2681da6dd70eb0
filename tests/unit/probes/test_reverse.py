"""What counts as a host's name: nothing that a terminal could mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.resolve.reverse import is_name


@pytest.mark.parametrize("name", ["gw.lab.test", "r1", "ae-1_2.core1.lab.test"])
def test_a_hosts_name_is_one(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", "x\x1b[2J.lab.test", "<b>.lab.test", "a b", "a." * 127 + "ab"],
)
def test_anything_else_is_none(name: str) -> None:
    assert not is_name(name)


@given(st.text(max_size=300))
def test_a_name_has_only_what_names_have(text: str) -> None:
    if is_name(text):
        assert text.isascii()
        assert text.isprintable()
        assert set("[]<>&`|\\\"' ").isdisjoint(text)
