"""Journals are read as far as they can be."""

import pytest

from layerwalk.session import events as ev
from layerwalk.session.reopened.journals import is_journal, journal_in
from tests.unit.session.test_state import JOURNAL, STARTED

LINES = [ev.encode(event) for event in JOURNAL]
WHOLE = b"".join(LINES)


def test_a_whole_one_comes_back() -> None:
    read = journal_in(WHOLE)
    assert (read.events, read.unreadable, read.torn, read.ends) == (tuple(JOURNAL), 0, False, True)


@pytest.mark.parametrize("cut", range(len(LINES[-1]), len(WHOLE) - len(LINES[0]), 97))
def test_a_torn_line_is_left_out_and_nothing_before_it(cut: int) -> None:
    data = WHOLE[:-cut]
    read = journal_in(data)
    whole = [line for line in data.split(b"\n") if line + b"\n" in LINES]
    assert [ev.encode(event).rstrip(b"\n") for event in read.events] == whole
    assert (read.unreadable, read.ends) == (0, False)
    tail = data.split(b"\n")[-1]
    assert read.torn == (tail not in {b"", *whole})


def test_only_the_line_feed_may_be_missing() -> None:
    read = journal_in(WHOLE[:-1])
    assert (read.events, read.torn) == (tuple(JOURNAL), False)


@pytest.mark.parametrize(
    "strange",
    [b"{}\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", LINES[0], b'{"event": "later", "at_s": 1}\n'],
    ids=["empty", "no-text", "deep", "second-start", "unknown"],
)
def test_a_line_that_is_no_event_is_counted(strange: bytes) -> None:
    read = journal_in(LINES[0] + strange + WHOLE[len(LINES[0]) :])
    assert (read.events, read.unreadable) == (tuple(JOURNAL), 1)


def test_data_that_is_nested_without_end_is_no_event() -> None:
    deep = LINES[2].replace(b'"data":{', b'"data":{"x":' + b"[" * 200 + b"]" * 200 + b",", 1)
    assert deep != LINES[2]
    read = journal_in(LINES[0] + deep)
    assert (read.events, read.unreadable) == ((STARTED,), 1)


def test_what_stands_behind_the_end_is_no_matter() -> None:
    assert journal_in(WHOLE + WHOLE).events == tuple(JOURNAL)


@pytest.mark.parametrize("data", [b"", b"\n", b"{}", LINES[1], LINES[0][:-20]])
def test_what_begins_no_walk_is_no_journal(data: bytes) -> None:
    assert not is_journal(data)
