"""What a person may ask of a walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerwalk.session.report import ErrorEntry

BUDGET_S = 30.0
"""The longest that a walk takes where nobody says otherwise."""


def budget_for(timeout_s: float | None) -> float:
    """Give the budget of a walk on behalf of a program that waits so long, if that is known."""
    return BUDGET_S if timeout_s is None else max(BUDGET_S, 2 * timeout_s + 10)


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
