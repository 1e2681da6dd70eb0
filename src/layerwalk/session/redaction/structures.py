"""Redacting events and reports: their structure is walked, and every text in it redacted."""

from __future__ import annotations

import re
import threading
from typing import Any, TypeVar, cast

import msgspec

from layerwalk.session.redaction.learning import learn
from layerwalk.session.redaction.text import TextRedaction
from layerwalk.session.report import OriginEntry

_FIXED_WORDS = (
    "schema id event tool role started ended reason scheme outcome title waits_for relation on"
    " confidence status probe kind whose syn phase errno runtime timer privileges"
)
_FIXED = frozenset(_FIXED_WORDS.split())
"""Fields of structures that hold words of our own only."""

_WORD = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_Part = TypeVar("_Part", bound=msgspec.Struct)


class Redaction:
    """Replaces addresses, names and secrets, consistently in all that one object redacts.

    Names must have been met before they are found in texts: those of an event or a report are
    learned from its fields first. May be used by several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts = TextRedaction()

    def __call__(self, part: _Part) -> _Part:
        """Redact an event, a report, or a part of one."""
        with self._lock:
            learn(self._texts.names, part)
            self._texts.meet(msgspec.json.encode(part).decode())
            return self._structure(part)

    def text(self, text: str, *names: str) -> str:
        """Redact a text that stands by itself; what ``names`` are given are known to be names."""
        with self._lock:
            for name in names:
                self._texts.names.learn(name)
            return self._texts.text(text)

    def _structure(self, part: _Part) -> _Part:
        changes = {
            field: self._redacted(getattr(part, field))
            for field in part.__struct_fields__
            if field not in _FIXED
        }
        if isinstance(part, OriginEntry):
            changes["process"] = ""  # whose it is may be in its name
        step = getattr(part, "step", None)
        if isinstance(step, str):
            changes["step"] = self._step(step)
        return msgspec.structs.replace(part, **changes)

    def _step(self, step: str) -> str:
        """A step keeps the word that it begins with, so that its end is seen to be its own."""
        word, blank, subject = step.partition(" ")
        return f"{word}{blank}{self._texts.text(subject)}"

    def _redacted(self, value: object) -> object:
        if isinstance(value, str):
            return self._texts.text(value)
        if isinstance(value, msgspec.Struct):
            return self._structure(value)
        if isinstance(value, tuple | list):
            return type(value)(map(self._redacted, value))
        if isinstance(value, dict):
            return self._mapping(cast("dict[str, Any]", value))
        return value

    def _mapping(self, data: dict[str, Any]) -> dict[str, object]:
        """Redact what a mapping holds; a packet is left out, as addresses are all over it."""
        return {
            key if _WORD.fullmatch(key) else self._texts.text(key): (
                "" if key == "packet" and isinstance(value, str) else self._redacted(value)
            )
            for key, value in data.items()
        }
