"""The exit statuses, and which of several wins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerwalk.session.reopened.sessions import Session

HEALTHY, FAULT, BAD_USAGE, INCONCLUSIVE, INTERRUPTED = 0, 1, 2, 3, 130
OF_OUTCOME = {"healthy": HEALTHY, "fault": FAULT, "inconclusive": INCONCLUSIVE}
_FIRST = (INTERRUPTED, BAD_USAGE, FAULT, INCONCLUSIVE, HEALTHY)


def of_sessions(sessions: Iterable[Session]) -> int:
    """Give the status of saved sessions, as if they had just been walked."""
    verdicts = [session.state.verdict for session in sessions]
    return combined(OF_OUTCOME[verdict.outcome] for verdict in verdicts if verdict)


def combined(statuses: Iterable[int]) -> int:
    """Give the status of several walks: the first of 130, 2, 1, 3, 0 that occurs."""
    return min(statuses, key=_FIRST.index, default=HEALTHY)
