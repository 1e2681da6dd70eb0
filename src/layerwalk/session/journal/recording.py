"""A walk with its journal: each event goes to the disk first and then to whoever listens."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Protocol

from layerwalk.session.events import Event, RecordingStopped
from layerwalk.session.guided.decisions import Decision
from layerwalk.session.journal.folder import folder_path
from layerwalk.session.journal.writing import Journal, new_journal
from layerwalk.session.report import Ending
from layerwalk.session.state import WalkState

Listen = Callable[[Event], None]


class Runs(Protocol):
    """What a walk can do for those who run it."""

    def run(self) -> WalkState:
        """Walk, and give the last state."""

    def stop(self, reason: Ending = "interrupted") -> None:
        """End the walk early, from any thread."""

    def decide(self, decision: Decision) -> None:
        """Take a person's decision, from any thread."""


class Recorder:
    """A listener that writes every event down before it hands it on.

    Where that is not possible, the walk goes on, and one event says so and why.
    """

    def __init__(self, listen: Listen, environment: Mapping[str, str]) -> None:
        self._listen = listen
        self._journal: Journal | None = None
        self._trouble = ""
        try:
            self._journal = new_journal(environment)
        except OSError as error:
            self._trouble = _in_words(error, environment)

    def hear(self, event: Event) -> None:
        """Take an event."""
        if self._journal:
            try:
                self._journal.write(event)
            except (OSError, ValueError) as error:
                self._trouble = _in_words(error, os.environ)
                self.close()
        self._listen(event)
        if self._trouble:
            why, self._trouble = self._trouble, ""
            self._listen(RecordingStopped(at_s=event.at_s, why=why))

    def close(self) -> None:
        """End the journal."""
        journal, self._journal = self._journal, None
        if journal:
            journal.close()


class RecordedWalk:
    """A walk whose journal ends with it."""

    def __init__(self, make: Callable[[Listen], Runs], listen: Listen) -> None:
        self._recorder = Recorder(listen, os.environ)
        try:
            self._walk = make(self._recorder.hear)
        except BaseException:
            self._recorder.close()
            raise

    def run(self) -> WalkState:
        """Walk, and give the last state."""
        try:
            return self._walk.run()
        finally:
            self._recorder.close()

    def stop(self, reason: Ending = "interrupted") -> None:
        """End the walk early, from any thread."""
        self._walk.stop(reason)

    def decide(self, decision: Decision) -> None:
        """Take a person's decision, from any thread."""
        self._walk.decide(decision)


def _in_words(error: Exception, environment: Mapping[str, str]) -> str:
    """Say why nothing is written, with the place in it where that is known."""
    why = (error.strerror if isinstance(error, OSError) else "") or str(error)
    try:
        return f"{folder_path(environment)}: {why}"
    except OSError:
        return why
