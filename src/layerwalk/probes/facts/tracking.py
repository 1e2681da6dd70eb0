"""This machine's connection tracking: how full its table is, and what it drops for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact

_FULL = 0.95
"""Beyond it the kernel begins to throw out what it can (nf_conntrack_core.c); an entry that ends
makes room for a moment, so that a table that is full for all practical purposes is seldom full to
the last place when it is looked at."""

_CLOSE = 0.8


@dataclass(frozen=True, kw_only=True)
class TrackingTimeout:
    """After how many seconds without a packet an entry in a state is forgotten."""

    state: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class TrackingFact(Fact):
    """Connection tracking from a walk's first packet to its last (kernel's nf_conntrack-sysctl).

    ``count`` is how many connections the walk's network namespace tracks, the larger of two looks;
    ``maximum`` how many any namespace of the machine may (0: as many as there is memory for). What
    was ``dropped``, ``dropped_early`` (others, to make room), ``failed`` to be inserted, and found
    its chain ``too_long`` is counted meanwhile; ``None`` where those could not be read.
    ``in_use`` is false where nothing on this machine tracks connections.
    """

    probe: ClassVar[str] = "conntrack"
    layer: ClassVar[int] = 4
    of_machine: ClassVar[bool] = True

    in_use: bool = True
    count: int = 0
    maximum: int = 0
    buckets: int = 0
    dropped: int | None = None
    dropped_early: int | None = None
    failed: int | None = None
    too_long: int | None = None
    timeouts: tuple[TrackingTimeout, ...] = ()

    @property
    def share(self) -> float:
        """How much of the maximum is in use, 0 where there is none."""
        return self.count / self.maximum if self.maximum else 0.0

    @property
    def is_full(self) -> bool:
        """Whether there is room for new connections only where others end."""
        return self.share >= _FULL

    @property
    def is_close(self) -> bool:
        """Whether it is not far from being full."""
        return self.share >= _CLOSE

    @property
    def drops(self) -> bool:
        """Whether it dropped packets for want of room."""
        return self.is_full and bool(self.dropped)

    @property
    def finding(self) -> str:
        """How full it is, and what came of that."""
        if not self.in_use:
            return "this machine tracks no connections"
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        limit = f"of {self.maximum} possible" if self.maximum else "and has no limit"
        return f"this machine tracks {self.count} connections {limit}{self._how_full}; {self._told}"

    @property
    def _how_full(self) -> str:
        near = ", nearly full" if self.is_close and not self.is_full else ""
        state = ", full" if self.is_full else near
        return f" ({self.share:.0%}{state})" if self.maximum else ""

    @property
    def _told(self) -> str:
        if self.dropped is None:
            return "what it dropped could not be read"
        words = {
            "packets dropped for want of room" if self.is_full else "packets dropped": self.dropped,
            "connections thrown out early": self.dropped_early,
            "not inserted": self.failed,
            "chains too long": self.too_long,
        }
        told = ", ".join(f"{number} {what}" for what, number in words.items() if number)
        return f"while probing: {told}" if told else "none dropped while probing"

    @property
    def command(self) -> str:
        """The same by hand."""
        return (
            "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -S"
        )
