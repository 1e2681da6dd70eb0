"""What a person may decide of a walk, from any thread. Steps go by their names in the offers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Measure it."""

    step: str


@dataclass(frozen=True)
class Skip:
    """Leave it out."""

    step: str


@dataclass(frozen=True)
class Answer:
    """Answer it, or give the outcome in place of a measurement: a choice by its id."""

    step: str
    choice: str


@dataclass(frozen=True)
class Choose:
    """Take another branch: put this open step first."""

    step: str


@dataclass(frozen=True)
class Back:
    """Undo the last decision; what was measured stays, and may be measured again."""


@dataclass(frozen=True)
class Switch:
    """Go on guided, or by itself."""

    guided: bool


Decision = Run | Skip | Answer | Choose | Back | Switch
