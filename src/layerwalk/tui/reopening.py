"""``layerwalk open``: a saved session in the app, or as text where the app can't be shown."""

from __future__ import annotations

import os

from layerwalk.session.journal.recent import latest
from layerwalk.session.options import Options
from layerwalk.session.reopened.sessions import reopened
from layerwalk.session.targets import BadInput
from layerwalk.session.text import to_text
from layerwalk.tui import statuses
from layerwalk.tui.console import say
from layerwalk.tui.converting import tell_gaps
from layerwalk.tui.diagnose import beginning, form_for
from layerwalk.tui.opening import shown
from layerwalk.tui.requests import Detail, Open, OpenSaved
from layerwalk.tui.terminal import can_paint
from layerwalk.tui.walking import Begin


def open_saved(request: OpenSaved, begin: Begin | None = None) -> int:
    """Show a session, the most recent one where none is named; nothing is sent for it.

    The exit status is the verdict's, unless a new walk was begun from there.

    Raises:
        BadInput: there is none, or the file is no saved session.
    """
    file = request.file or latest(os.environ)
    if file is None:
        raise BadInput("open needs a FILE: no session has been recorded here yet")
    found = reopened(file)
    tell_gaps(found, file)
    if can_paint():
        return shown(Open(), begin or beginning(Options()), found.sessions)
    say(to_text(found.whole, form_for(Detail.USUAL)))
    return statuses.of_sessions(found.sessions)
