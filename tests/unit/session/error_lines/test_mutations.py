"""Whatever is pasted, it is understood or refused: nothing raises, nothing hostile comes out."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.session.error_lines import ErrorLine, read_errors
from layerwalk.session.targets import BadInput
from tests.unit.session.error_lines.recordings import Recording, recordings

LINES = [it.text for it in recordings()]
HOSTILE = ("\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\u202e", "\r", "\0", "[red]", "\ud800", "\n", "'")
anything = st.text(max_size=400) | st.lists(st.sampled_from(HOSTILE), max_size=20).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Cut a real line, twist it, and mix it with another and with anything."""
    line, other = draw(st.sampled_from(LINES)), draw(st.sampled_from(LINES) | anything)
    cuts = sorted(draw(st.lists(st.integers(0, len(line)), min_size=2, max_size=6)))
    pieces = [line[a:b] for a, b in itertools.pairwise((0, *cuts))]
    between = draw(st.sampled_from(["", " ", "\n", other, *HOSTILE]))
    if draw(st.booleans()):
        pieces = [piece.upper() for piece in draw(st.permutations(pieces))]
    return between.join(pieces)


def outcome(text: str) -> tuple[ErrorLine, ...]:
    try:
        return read_errors(text)
    except BadInput as refusal:
        return () if str(refusal).isprintable() else pytest.fail(repr(refusal))


def sound(found: ErrorLine) -> bool:
    entry, target = found.entry, found.target
    shown = (entry.text, found.meaning, target.input if target else "", entry.errno, entry.runtime)
    assert all(it.isprintable() for it in shown)
    assert len(entry.text) <= 1200
    assert entry.limit_s is None or 0 < entry.limit_s <= 86_400
    host = target.host.partition("%")[0] if target else "none"
    assert host
    assert host == host.lower()
    return True


@given(anything | mutated())
def test_it_is_understood_or_refused(text: str) -> None:
    assert all(sound(it) for it in outcome(text))


@given(st.lists(mutated(), max_size=12).map("\n".join))
def test_logs_are_too(text: str) -> None:
    assert all(sound(it) for it in outcome(text))


@given(st.sampled_from([it for it in recordings() if it.understood]), st.sampled_from(HOSTILE[:3]))
def test_colours_change_nothing(line: Recording, colour: str) -> None:
    coloured = line.text.replace(" ", f"{colour} ")
    assert [it.target for it in outcome(coloured)] == [it.target for it in outcome(line.text)]


def test_a_megabyte_of_anything_ends() -> None:
    pieces = ("a.", "error http://", "[::", '{"a":', "error: connect to (", "timeout of ", "\x1b]")
    for piece in pieces:
        assert isinstance(outcome(piece * (1_000_000 // len(piece))), tuple)
