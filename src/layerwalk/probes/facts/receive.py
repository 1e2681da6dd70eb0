"""What this machine dropped itself while it was listening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class ReceiveFact(Fact):
    """Packets that found no room in the receive buffer of the walk's sockets.

    ``dropped`` counts them; ``during`` names the measurements that ran meanwhile, whose silence may
    be this machine's own.
    """

    probe: ClassVar[str] = "receive"
    layer: ClassVar[int] = 0

    outcome: Outcome = Outcome.ANSWERED
    dropped: int
    during: tuple[str, ...] = ()

    @property
    def finding(self) -> str:
        """How many, and what that means."""
        packets = "a packet" if self.dropped == 1 else f"{self.dropped} packets"
        return (
            f"the receive buffer of this machine dropped {packets} while probing; "
            "silence may be its own"
        )

    @property
    def command(self) -> str:
        """The sockets with their memory; the last figure of ``skmem`` counts what was dropped."""
        return "ss -0 -m; sysctl net.core.rmem_max"
