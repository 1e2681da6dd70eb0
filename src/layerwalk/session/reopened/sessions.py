"""A saved session, whatever its form: what is known of the walk, and its course where recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layerwalk.session.events import Event
from layerwalk.session.plain import shortened
from layerwalk.session.reopened.contents import contents
from layerwalk.session.reopened.journals import is_journal, journal_in
from layerwalk.session.reopened.reports import reports_in
from layerwalk.session.reopened.verdicts import completed
from layerwalk.session.report import Report
from layerwalk.session.state import WalkState, folded, report_of, state_of
from layerwalk.session.targets import BadInput


@dataclass(frozen=True, kw_only=True)
class Session:
    """One walk, read back. ``events`` is its course, where a journal was kept.

    ``unreadable`` counts the lines of the journal that had to be left out.
    """

    state: WalkState
    report: Report
    events: tuple[Event, ...] = ()
    unreadable: int = 0


@dataclass(frozen=True)
class SavedFile:
    """What one file holds: the sessions of one command, ``as_array`` where it is a JSON array."""

    sessions: tuple[Session, ...]
    as_array: bool = False

    @property
    def whole(self) -> Report | tuple[Report, ...]:
        """The reports in the form in which they were written."""
        reports = tuple(session.report for session in self.sessions)
        return reports if self.as_array else reports[0]


def reopened(path: Path) -> SavedFile:
    """Read a saved report, an array of them, or a journal.

    Raises:
        BadInput: the file is none of these; the message names it and what is wrong.
    """
    data = contents(path)
    name = shortened(str(path))
    if is_journal(data):
        return SavedFile((_from_journal(data),))
    if path.suffix == ".jsonl":
        raise BadInput(f"'{name}' is no journal of layerwalk: its first line begins no walk")
    read = reports_in(data, name)
    reports = read if isinstance(read, tuple) else (read,)
    sessions = tuple(Session(state=state_of(report), report=report) for report in reports)
    return SavedFile(sessions, as_array=isinstance(read, tuple))


def _from_journal(data: bytes) -> Session:
    journal = journal_in(data)
    state = completed(folded(journal.events), ends=journal.ends)
    return Session(
        state=state,
        report=report_of(state),
        events=journal.events,
        unreadable=journal.unreadable,
    )
