"""Journals, read back line by line: what can't be read is left out and counted."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from layerwalk.session import events as ev
from layerwalk.session.reopened.bounds import is_bounded

MOST = 10_000
"""How many events of a journal are read; a walk has some hundred."""


@dataclass(frozen=True)
class Journal:
    """The events of one walk. ``unreadable`` counts the whole lines that are none.

    ``torn`` tells that the last line has no end: whoever wrote it was killed, or the disk full.
    """

    events: tuple[ev.Event, ...]
    unreadable: int = 0
    torn: bool = False

    @property
    def ends(self) -> bool:
        """Whether the walk's end is in it."""
        return any(isinstance(event, ev.WalkEnded) for event in self.events)


def is_journal(data: bytes) -> bool:
    """Tell whether a file's contents begin as a journal does."""
    return isinstance(_event(data.partition(b"\n")[0]), ev.WalkStarted)


def journal_in(data: bytes) -> Journal:
    """Read a journal, from its beginning to the first end in it."""
    *lines, last = data.split(b"\n")
    if _event(last):  # only its line feed is missing
        lines, last = [*lines, last], b""
    events: list[ev.Event] = []
    unreadable = 0
    for event in map(_event, filter(bytes.strip, lines)):
        if event is None or isinstance(event, ev.WalkStarted) == bool(events):
            unreadable += 1
            continue
        events.append(event)
        if isinstance(event, ev.WalkEnded) or len(events) == MOST:
            break
    return Journal(tuple(events), unreadable, torn=bool(last.strip()))


def _event(line: bytes) -> ev.Event | None:
    """Read one line; nothing where it is no event, or one that means harm."""
    try:
        event = ev.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return event if is_bounded(event) else None
