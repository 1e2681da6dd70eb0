"""What comes in: a packet that may be an answer, with where and when it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from layerwalk.probes.wire.parse import Heard


@dataclass(frozen=True)
class Arrival:
    """A packet that may be an answer: on which interface, when (wall clock), and whole.

    ``rtt_s`` is set where somebody else has measured the round trip. ``timed`` is false where
    nobody has: the time of arrival is then no more than an upper bound.
    """

    heard: Heard
    interface: str
    stamp: float
    packet: bytes = b""
    rtt_s: float | None = None
    timed: bool = True


Take = Callable[[Arrival], None]
