"""A command into the person's clipboard, by OSC 52, and what to tell about it."""

from __future__ import annotations

from typing import Any

from textual.app import App

from layerwalk.session.plain import plain_block
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.terminal import inside_tmux, takes_copies


def copy(app: App[Any], command: str, lettering: Lettering) -> str:
    """Send a command to the terminal's clipboard; say what was done, as one line.

    Whether it arrived can't be known: a terminal does not answer OSC 52, and may ignore it.
    """
    if not command:
        return "nothing to copy: no command belongs to this"
    if not takes_copies():
        return f"this terminal has no clipboard; to type: {lettering.text(command)}"
    harmless = plain_block(command)
    app.copy_to_clipboard(harmless)
    hint = " (tmux: only with set-clipboard on)" if inside_tmux() else ""
    return f"copied{hint}: {lettering.text(command)}"
