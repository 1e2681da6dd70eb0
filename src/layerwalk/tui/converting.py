"""``layerwalk report``: a saved session in another form."""

from __future__ import annotations

from pathlib import Path

from layerwalk.session.options import Redact
from layerwalk.session.reopened.sessions import SavedFile, reopened
from layerwalk.session.report import Report
from layerwalk.tui.console import complain
from layerwalk.tui.requests import Convert
from layerwalk.tui.saving import save

Whole = Report | tuple[Report, ...]


def convert(request: Convert) -> int:
    """Read a session and write it again; give the exit status, 0 whatever its verdict says.

    Raises:
        BadInput: the file is no saved session.
    """
    found = reopened(request.file)
    tell_gaps(found, request.file)
    return save(_redacted(found.whole, request.redact), request.output)


def _redacted(whole: Whole, redact: Redact | None) -> Whole:
    if redact is None:
        return whole
    return tuple(map(redact, whole)) if isinstance(whole, tuple) else redact(whole)


def tell_gaps(found: SavedFile, file: Path) -> None:
    """Say what of a journal had to be left out."""
    for session in found.sessions:
        if session.unreadable:
            lines = "1 line" if session.unreadable == 1 else f"{session.unreadable} lines"
            complain(f"{file}: {lines} can't be read and had to be left out")
