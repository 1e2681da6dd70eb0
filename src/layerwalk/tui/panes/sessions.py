"""Saved sessions as rows: the recent ones, or those of one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from layerwalk.session.journal.recent import Recent
from layerwalk.session.reopened.sessions import Session
from layerwalk.session.state import WalkState
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import TONES, Cell, Row
from layerwalk.tui.words import OUTCOMES, Word

BROKE_OFF = Word("broke off", Sign.BROKEN)
GOES_ON = Word("under way", Sign.RUNNING)


def recent_rows(sessions: Sequence[Recent], lettering: Lettering) -> list[Row]:
    """Make the rows of the recent sessions, keyed by the files they are in."""
    return [_row(str(it.path), it, lettering) for it in sessions]


def session_rows(sessions: Sequence[Session], lettering: Lettering) -> list[Row]:
    """Make the rows of the sessions of one file, keyed by their places in it."""
    states = enumerate(it.state for it in sessions)
    return [_row(str(place), _in_short(state), lettering) for place, state in states]


def _in_short(state: WalkState) -> Recent:
    verdict, target = state.verdict, state.target
    causes = verdict.causes if verdict else ()
    return Recent(
        path=Path(),
        started=state.started,
        target=target.input if target else "",
        outcome=verdict.outcome if verdict else None,
        cause=causes[0].id if causes else "",
    )


def local_time(started: str) -> str:
    """Write a time as this machine's clock shows it; one that is no time stays as it is."""
    try:
        return f"{datetime.fromisoformat(started).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return started


def _standing(session: Recent) -> Word:
    if session.goes_on:
        return GOES_ON
    return OUTCOMES[session.outcome] if session.outcome else BROKE_OFF


def _row(key: str, session: Recent, lettering: Lettering) -> Row:
    word = _standing(session)
    found = lettering.text(f" [{session.cause}]") if session.cause else ""
    target = lettering.text(session.target)
    return Row(
        key=key,
        cells={
            "when": Cell(lettering.text(local_time(session.started))),
            "target": Cell(target),
            "verdict": Cell(f"{lettering.sign(word.sign)} {word.word}{found}", TONES[word.sign]),
        },
        whole=target,
    )
