"""What an interface counted while a sample of packets was under way: errors, drops, traffic."""

from __future__ import annotations

from dataclasses import dataclass

_OUT = ("tx_errors", "tx_dropped", "queue_drops")
_IN = ("rx_errors", "rx_missed_errors", "rx_dropped", "ingress_drops")


@dataclass(frozen=True)
class Rise:
    """A counter of the interface (rtnetlink's names) and what it rose by."""

    counter: str
    by: int


@dataclass(frozen=True, kw_only=True)
class LinkCounts:
    """The counters of ``interface`` over so many seconds: packets sent and received, and losses.

    ``rises`` are the counters of errors and drops that rose, and no others; ``queue_drops`` is what
    the queueing disciplines of the interface dropped, ``ingress_drops`` what those for incoming
    packets did (tc(8)).
    """

    interface: str
    seconds: float
    sent: int = 0
    received: int = 0
    rises: tuple[Rise, ...] = ()

    def rise(self, counter: str) -> int:
        """What one counter rose by."""
        return sum(rise.by for rise in self.rises if rise.counter == counter)

    @property
    def lost_out(self) -> int:
        """The packets that were to leave and did not, or that left broken."""
        return sum(self.rise(name) for name in _OUT)

    @property
    def lost_in(self) -> int:
        """The packets that came in and got no further than the interface."""
        return sum(self.rise(name) for name in _IN)

    @property
    def share(self) -> float:
        """The larger share of packets that were lost so, of those going out and of those coming in.

        What is dropped by a queue is not counted as sent.
        """
        out = self.lost_out / max(self.sent + self.lost_out, 1)
        return max(out, self.lost_in / max(self.received + self.lost_in, 1))

    @property
    def words(self) -> str:
        """What rose, by how much and how fast."""
        each = (f"{it.counter} {it.by} ({it.by / self._span_s:.0f} a second)" for it in self.rises)
        return ", ".join(each)

    @property
    def _span_s(self) -> float:
        return max(self.seconds, 0.001)
