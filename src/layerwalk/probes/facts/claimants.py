"""Those on the link who answer for one address, and what became of packets handed to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """One link-layer address that goes on answering for the next hop, beside another.

    ``echo_from`` are the link-layer addresses that answered an echo request to the next hop which
    was handed to this one, ``beyond_from`` those that answered what was handed to it for the
    target: a SYN, or an echo request where no port was named; ``beyond`` says how (``syn-ack``,
    ``rst``, …), and is empty where nobody did. One machine with two ports, and a router that hands
    packets on, answer from one address whichever was asked.
    """

    mac: str
    echo_from: tuple[str, ...] = ()
    beyond: str = ""
    beyond_from: tuple[str, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether anything that was handed to it was answered."""
        return bool(self.echo_from or self.beyond)

    @property
    def words(self) -> str:
        """What it does, in short."""
        echo = "answers echoes" if self.echo_from else "answers no echo"
        if not self.beyond:
            return f"{self.mac} {echo} and leads nowhere"
        return f"{self.mac} {echo} and leads to: {self.beyond}"


def described(claimants: Iterable[Claimant]) -> str:
    """Say of each what it does."""
    return "; ".join(one.words for one in claimants)
