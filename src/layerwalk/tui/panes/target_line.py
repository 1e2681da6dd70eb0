"""The line in which a target is typed, and what it makes of what is pasted."""

from __future__ import annotations

import re
from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.widgets import Input

_OWN = re.compile(r"([a-z]+://)?[*]?:", re.IGNORECASE)
_FROM = "from"
_FROM_AT, _WORDS = 1, 3


class Typed(NamedTuple):
    """What stands in the line: a target, and the client of a server where one is named."""

    target: str
    client: str = ""


def typed(text: str) -> Typed | None:
    """Take a line apart: ``TARGET`` or ``TARGET from CLIENT``; nothing where it is neither."""
    words = text.split()
    if len(words) == _WORDS and words[_FROM_AT] == _FROM:
        return Typed(words[0], words[-1])
    return Typed(text.strip()) if len(words) < _FROM_AT + 1 else None


def names_own_port(text: str) -> bool:
    """Whether a target is a port alone, so that it can only be this machine's own."""
    return _OWN.match(text.strip()) is not None


class TargetInput(Input):
    """The line for the target; where it is empty, ``?`` opens the help."""

    class Pasted(Message):
        """Something was pasted that is more than a target."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Hand on a pasted error line, whole; a line that could be a target goes in here."""
        if len(event.text.split()) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))

    def on_key(self, event: events.Key) -> None:
        """Leave ``?`` to the screen as long as nothing is typed."""
        if not self.check_consume_key(event.key, event.character):
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tell whether a key is typed here, so that no binding takes it."""
        asks_for_help = character == "?" and not self.value
        return not asks_for_help and super().check_consume_key(key, character)
