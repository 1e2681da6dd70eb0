"""What a person may ask of a walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerwalk.session.report import ErrorEntry

BUDGET_S = 30.0
"""The longest that a walk takes where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that all walking commands share.

    ``budget_s`` bounds the whole walk in seconds; ``unprivileged`` behaves as without raw-socket
    rights even where they exist; ``timeout_s`` is how long the failing program waits for its
    connection; ``error_line`` is the line that the walk starts from.
    """

    budget_s: float = BUDGET_S
    unprivileged: bool = False
    timeout_s: float | None = None
    error_line: ErrorEntry | None = None
