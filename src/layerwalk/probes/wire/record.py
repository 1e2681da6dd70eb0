"""One packet that is kept: what left or came back, and for which measurement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

LONGEST = 2048
"""How much of a packet is kept, in bytes."""


class Direction(IntEnum):
    """Which way a packet went, in the numbers that pcapng has for it."""

    IN = 1
    OUT = 2


@dataclass(frozen=True, kw_only=True)
class Record:
    """One packet. ``stamp`` is in seconds of the wall clock, ``length`` that of the whole packet.

    ``data`` begins with the IP header, or, of a question on the link, with the Ethernet header.
    ``measurement`` is the name of what it was sent for, and ``probe`` the place among all records
    of the packet that it answers (``None`` where it answers none, or none that was kept). What the
    kernel has sent or heard on a connection of its own has a ``kernel`` word: what it is.
    """

    stamp: float
    direction: Direction
    interface: str
    data: bytes
    length: int
    measurement: str
    ethernet: bool = False
    probe: int | None = None
    kernel: str = ""
