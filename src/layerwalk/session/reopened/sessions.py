"""A saved session, whatever its form: what is known of the walk, and its course where recorded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from layerwalk.session.events import Event
from layerwalk.session.journal.folder import is_written
from layerwalk.session.plain import shortened
from layerwalk.session.reopened.contents import contents
from layerwalk.session.reopened.journals import is_journal, journal_in
from layerwalk.session.reopened.reports import reports_in
from layerwalk.session.reopened.verdicts import Fate, completed
from layerwalk.session.report import Report
from layerwalk.session.state import WalkState, folded, report_of, state_of
from layerwalk.session.targets import BadInput


@dataclass(frozen=True, kw_only=True)
class Session:
    """One walk, read back. ``events`` is its course, where a journal was kept.

    ``unreadable`` counts the lines of the journal that had to be left out.
    """

    state: WalkState
    events: tuple[Event, ...] = ()
    unreadable: int = 0


@dataclass(frozen=True)
class SavedFile:
    """What one file holds: the sessions, and ``whole``, their reports as they were written."""

    sessions: tuple[Session, ...]
    whole: Report | tuple[Report, ...]


def reopened(path: Path) -> SavedFile:
    """Read a saved report, an array of them, or a journal.

    Raises:
        BadInput: the file is none of these; the message names it and what is wrong.
    """
    goes_on = _goes_on(path)
    data = contents(path)
    name = shortened(str(path))
    if is_journal(data):
        session = _from_journal(data, goes_on=goes_on)
        return SavedFile((session,), report_of(session.state))
    if path.suffix == ".jsonl":
        raise BadInput(f"'{name}' is no journal of layerwalk: its first line begins no walk")
    whole = reports_in(data, name)
    reports = whole if isinstance(whole, tuple) else (whole,)
    return SavedFile(tuple(Session(state=state_of(report)) for report in reports), whole)


def _from_journal(data: bytes, *, goes_on: bool) -> Session:
    journal = journal_in(data)
    unfinished = Fate.GOES_ON if goes_on else Fate.BROKEN_OFF
    state = completed(folded(journal.events), Fate.ENDED if journal.ends else unfinished)
    return Session(state=state, events=journal.events, unreadable=journal.unreadable)


def _goes_on(path: Path) -> bool:
    """Tell, before it is read, whether some process still writes a journal."""
    try:
        with (path if path.is_file() else Path(os.devnull)).open("rb") as file:
            return is_written(file.fileno())
    except (OSError, ValueError):
        return False
