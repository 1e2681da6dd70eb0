"""How many packets are lost on the way to the target and back, and by how many hops' distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.link_counts import LinkCounts
from layerwalk.probes.facts.proportion import Share

MATTERS = 0.05
"""Loss explains a failure where its lower 95 % bound is above this."""

UNWANTED = "rx_dropped"
"""This counter rises by frames that nobody here listens for, too."""

_ENOUGH = 0.5
_LATE = 0.8


@dataclass(frozen=True, kw_only=True)
class RoundTrips:
    """Round trips in seconds; ``late_s`` is what four of five stay below.

    ``jitter_s`` is by how much one differs from the next, on average (RFC 3550 6.4.1 smooths the
    same differences).
    """

    best_s: float
    median_s: float
    late_s: float
    worst_s: float
    jitter_s: float = 0.0

    def __str__(self) -> str:
        """Best, median and worst, and the jitter, in milliseconds."""
        best, median_, worst = (
            f"{s * 1000:.1f}" for s in (self.best_s, self.median_s, self.worst_s)
        )
        return f"{best}/{median_}/{worst} ms, jitter {self.jitter_s * 1000:.1f} ms"


def round_trips(found: Sequence[float]) -> RoundTrips | None:
    """Sum up round trips, in the order in which they were made; ``None`` of none."""
    if not found:
        return None
    ordered = sorted(found)
    steps = [abs(later - earlier) for earlier, later in pairwise(found)]
    return RoundTrips(
        best_s=round(ordered[0], 6),
        median_s=round(median(ordered), 6),
        late_s=round(ordered[int(_LATE * (len(ordered) - 1))], 6),
        worst_s=round(ordered[-1], 6),
        jitter_s=round(fmean(steps), 6) if steps else 0.0,
    )


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Packets of one kind (``echo`` or ``SYN``) that were sent, and those that were answered."""

    kind: str
    sent: int = 0
    answered: int = 0
    trips: RoundTrips | None = None

    @property
    def lost(self) -> Share:
        """The share that stayed unanswered."""
        return Share(self.sent - self.answered, self.sent)


@dataclass(frozen=True, kw_only=True)
class LossFact(Fact):
    """A sample of packets to the target: echoes, and SYNs to the port on a flow each.

    The two kinds are counted apart, since a rate limit on one of them is no loss. ``counts`` is
    what the interface that they leave by counted meanwhile, ``None`` where that can't be read.
    """

    probe: ClassVar[str] = "loss"
    layer: ClassVar[int] = 3

    address: str
    port: int | None = None
    tallies: tuple[Tally, ...] = ()
    syn_answer: str = ""
    counts: LinkCounts | None = None

    @property
    def usable(self) -> tuple[Tally, ...]:
        """The kinds that the target answers at all."""
        return tuple(tally for tally in self.tallies if tally.answered)

    @property
    def lost(self) -> Share:
        """The loss that all kinds of packets suffer alike, or that of the kind that fares best."""
        shares = [tally.lost for tally in self.usable]
        if not shares:
            return Share(0, 0)
        best = min(shares, key=lambda share: share.rate)
        alike = [share for share in shares if not share.unlike(best)]
        return sum(alike, Share(0, 0)) if len(alike) == len(shares) else best

    @property
    def matters(self) -> bool:
        """Whether packets are lost so often that it explains failures."""
        return self.outcome.measured and self.lost.low > MATTERS

    @property
    def counted_here(self) -> bool:
        """Whether what the interface counted meanwhile may be what the sample lost.

        At least half as many, and at least half as large a share of its traffic.
        """
        if self.counts is None:
            return False
        unwanted = self.counts.rise(UNWANTED)
        known = self.counts.lost_out + self.counts.lost_in - unwanted
        enough = known >= _ENOUGH * self.lost.part or unwanted >= self.lost.part
        return enough and self.counts.share >= _ENOUGH * self.lost.rate

    @property
    def finding(self) -> str:
        """How many of each kind were lost, with the bounds of the loss, and the round trips."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        sent = [tally for tally in self.tallies if tally.sent]
        words = [f"{it.sent - it.answered} of {it.sent} {_PLURAL[it.kind]}" for it in sent]
        line = f"lost on the way to {self.address} and back: {', '.join(words)}"
        if self.usable:
            line += f" ({self.lost.interval} of all with 95 % confidence)"
        trips = next((tally.trips for tally in self.usable if tally.trips), None)
        line = f"{line}; round trips {trips}" if trips else line
        return f"{line}; meanwhile {self._counted}" if self._counted else line

    @property
    def _counted(self) -> str:
        """What the interface lost meanwhile."""
        rises = self.counts.words if self.counts else ""
        return f"{self.counts.interface} counted {rises}" if self.counts and rises else ""

    @property
    def command(self) -> str:
        """A longer ping."""
        return f"ping -n -i 0.2 -c 100 {self.address}"


_PLURAL = {"echo": "echoes", "SYN": "SYNs"}


@dataclass(frozen=True, kw_only=True)
class HopTally:
    """What one hop answered: packets that expire there, and echoes to its own address.

    ``address`` is empty where it is not known; ``best_s`` is the shortest round trip in seconds.
    """

    hop: int
    address: str = ""
    expiring: int = 0
    expired: int = 0
    asked: int = 0
    replied: int = 0
    best_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class HopLossFact(Fact):
    """Loss by distance: every hop asked again and again, no faster than a router answers."""

    probe: ClassVar[str] = "hop-loss"
    layer: ClassVar[int] = 3

    address: str
    hops: tuple[HopTally, ...] = ()

    @property
    def finding(self) -> str:
        """The unanswered packets of each hop."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        words = [
            f"{it.hop}: {it.expiring - it.expired + it.asked - it.replied}"
            f" of {it.expiring + it.asked}"
            for it in self.hops
        ]
        return f"unanswered by hop: {', '.join(words)}"

    @property
    def command(self) -> str:
        """The same by hand."""
        return f"mtr -n -r -c 30 {self.address}"
