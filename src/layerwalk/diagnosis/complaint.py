"""What the failing program itself said: the part of its error line that a verdict needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A program's error: what it was doing, which timer it says fired, and after how long.

    ``limit_s`` is in seconds, ``None`` where the line names no time; ``errno`` is a symbol, empty
    where it names none.
    """

    phase: Literal["name", "connect", "tls", "read", "unknown"] = "unknown"
    timer: Literal["kernel", "program", "none", "unknown"] = "unknown"
    limit_s: float | None = None
    errno: str = ""
