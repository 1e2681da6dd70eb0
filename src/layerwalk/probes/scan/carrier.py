"""What a scan needs from whatever carries its questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from layerwalk.probes.scan.reasons import Reply


class Sent(NamedTuple):
    """What became of some questions, in their order: so many left, then one was ``refused``.

    ``refused`` is the port that this machine's kernel would not let be asked, 0 where there is
    none; the ports behind it have not been tried.
    """

    left: int
    refused: int = 0


class Carrier(Protocol):
    """How ports are asked, and how what they say comes back."""

    @property
    def half_open(self) -> bool:
        """Whether what is asked may stay half open until it is taken back."""

    @property
    def room(self) -> int:
        """How many ports can be asked now."""

    def ask(self, ports: Sequence[int]) -> Sent:
        """Ask ports."""

    def replies(self, seconds: float) -> list[Reply]:
        """Give what has come back, waiting at most so long for the first."""

    def give_up(self, ports: Sequence[int]) -> None:
        """Wait for the answers of these ports no more, where waiting costs something."""

    def take_back(self, ports: Sequence[int]) -> Sent:
        """Reset what these ports may hold half open."""

    def dropped(self) -> int:
        """How many answers this machine had no room for so far."""

    def close(self) -> None:
        """Let go of everything."""
