"""Values that are known in part: what is said of them holds for every value that they may be."""

from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.firewall.values import Bits, Span, Spans, Value, combined, within

WORDS = st.integers(0, 255)


@st.composite
def values(draw: st.DrawFn) -> tuple[Value, frozenset[int]]:
    """A value, and all the bytes that it may be."""
    low, high = sorted((draw(WORDS), draw(WORDS)))
    known, number = draw(WORDS), draw(WORDS)
    fits = frozenset(it for it in range(256) if it & known == number & known)
    outside = frozenset({*range(low + 1), *range(high, 256)})
    wide = (1 << 128) - 256  # what is above a byte is 0 for certain
    choices: list[tuple[Value, frozenset[int]]] = [
        (number, frozenset({number})),
        (Span(low, high), frozenset(range(low, high + 1))),
        (Spans((Span(0, low), Span(high, 255))), outside),
        (Bits(number & known, known | wide), fits),
    ]
    return draw(st.sampled_from(choices))


@given(values(), WORDS, WORDS)
def test_within_holds_for_each(pair: tuple[Value, frozenset[int]], one: int, two: int) -> None:
    value, possible = pair
    low, high = sorted((one, two))
    said = within(value, low, high)
    answers = {low <= it <= high for it in possible}
    assert said is None or answers == {said}


@given(values(), values(), st.sampled_from("&|^"), WORDS, WORDS)
def test_operations_hold_for_each(
    left: tuple[Value, frozenset[int]],
    right: tuple[Value, frozenset[int]],
    operator: str,
    one: int,
    two: int,
) -> None:
    low, high = sorted((one, two))
    said = within(combined(operator, left[0], right[0]), low, high)
    calculate = {"&": int.__and__, "|": int.__or__, "^": int.__xor__}[operator]
    answers = {low <= calculate(a, b) <= high for a in left[1] for b in right[1]}
    assert said is None or answers == {said}


def test_a_number_is_told_for_certain() -> None:
    assert within(5, 5, 5) is True
    assert within(5, 6, 9) is False
    assert combined("&", Bits(4, 6), 6) == 4
    assert within(combined("&", Span(32768, 60999), 0), 0, 0) is True
