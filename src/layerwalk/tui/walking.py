"""Walks without a screen: one target after another, until done or told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from layerwalk.probes.facts.target import Target
from layerwalk.session.events import Event
from layerwalk.session.guided.decisions import Decision
from layerwalk.session.options import Options
from layerwalk.session.report import Ending, Report
from layerwalk.session.state import WalkState, report_of

_LOOK_S = 0.5


class Walking(Protocol):
    """What a walk can do for those who run it."""

    def run(self) -> WalkState:
        """Walk, and give the last state."""

    def stop(self, reason: Ending = "interrupted") -> None:
        """End the walk early, from any thread."""

    def decide(self, decision: Decision) -> None:
        """Take a person's decision, from any thread."""


Listener = Callable[[Event], None]
Begin = Callable[[Target, Listener], Walking]
Change = Callable[[Options], Options]
StartWith = Callable[[Change], Begin]
"""Gives what begins a walk with the options changed: from an error line, as the server."""


@dataclass(frozen=True, kw_only=True)
class Walked:
    """What became of one target: its report, or the error that the walk broke on."""

    target: Target
    report: Report | None = None
    error: str = ""


class Walks:
    """Several walks, one after another.

    They don't run side by side: what one makes a shared router answer, another would miss.
    Each runs in a thread, so that signals reach the main one and stopping meets no lock there.
    """

    def __init__(self, begin: Begin, listen: Listener) -> None:
        self._begin = begin
        self._listen = listen
        self._current: Walking | None = None
        self._stopped = threading.Event()

    def run(self, targets: Sequence[Target]) -> tuple[Walked, ...]:
        """Walk to each target; those after a ``stop`` are left out."""
        walked: list[Walked] = []
        for target in targets:
            if self._stopped.is_set():
                break
            walked.append(self._one(target))
        return tuple(walked)

    def stop(self) -> None:
        """End the walk that is under way and begin no other."""
        self._stopped.set()
        if self._current is not None:
            self._current.stop()

    def _one(self, target: Target) -> Walked:
        ended: list[Walked] = []
        thread = threading.Thread(
            target=lambda: ended.append(self._walk(target)), name="walk", daemon=True
        )
        thread.start()
        while thread.is_alive():  # bounded waits: a signal is seen between them on any Python
            thread.join(_LOOK_S)
        return ended[0]

    def _walk(self, target: Target) -> Walked:
        try:
            self._current = self._begin(target, self._listen)
            if self._stopped.is_set():
                self._current.stop()
            return Walked(target=target, report=report_of(self._current.run()))
        except BaseException as error:  # noqa: BLE001 - a defect of ours becomes one clear line
            return Walked(target=target, error=f"{type(error).__name__}: {error}")
