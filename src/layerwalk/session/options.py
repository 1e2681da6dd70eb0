"""What a person may ask of a walk."""

from __future__ import annotations

from dataclasses import dataclass

BUDGET_S = 30.0
"""The longest that a walk takes where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that all walking commands share.

    ``budget_s`` bounds the whole walk in seconds; ``unprivileged`` behaves as without raw-socket
    rights even where they exist.
    """

    budget_s: float = BUDGET_S
    unprivileged: bool = False
