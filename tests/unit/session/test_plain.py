import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.session.plain import plain, plain_block, shortened

ANY = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("as it is: db.internal, Bücher", "as it is: db.internal, Bücher"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\x7f\x9b31m", r"\x7f\x9b31m"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(ANY)
def test_nothing_that_does_not_print_gets_through(text: str) -> None:
    assert all(unicodedata.category(char)[0] != "C" for char in plain(text))
    assert len(plain(text).splitlines()) <= 1
    plain(text).encode("utf-8")


@given(ANY)
def test_shown_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(ANY)
def test_a_block_keeps_its_lines_and_nothing_else(text: str) -> None:
    assert plain_block(text).split("\n") == [plain(line) for line in text.split("\n")]


@given(ANY, st.integers(10, 80))
def test_shortened_text_is_short(text: str, longest: int) -> None:
    assert len(shortened(text, longest)) <= longest
