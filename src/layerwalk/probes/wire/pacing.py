"""Politeness: how fast, how much, and how many expiring packets a hop is asked to answer."""

from __future__ import annotations

from collections import defaultdict, deque

PER_SECOND = 180
"""Packets to one address within any one second; the promise is 200."""

PER_WALK = 560
"""Packets in one walk, with the resets of our kernel; the promise is 600. The rest is for its own
connections, for neighbours, and for taking SYNs back, which is never left out."""

BURST = 5
"""Expiring packets a hop gets in a burst: a Linux router answers six, then one a second
(kernel's net/ipv4/icmp.c, icmp_ratelimit)."""


class Pacing:
    """Counts what was sent; not thread-safe, its owner holds the lock."""

    def __init__(self) -> None:
        self.sent = 0
        self._kernels = 0
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._hops: dict[tuple[str, int], tuple[float, float]] = {}

    @property
    def spent(self) -> bool:
        """Whether the walk's packets are used up."""
        return self.sent + self._kernels >= PER_WALK

    def delay_s(self, address: str, now: float) -> float:
        """How long to wait before the next packet to this address, in seconds."""
        recent = self._recent[address]
        while recent and now - recent[0] >= 1.0:
            recent.popleft()
        return 0.0 if len(recent) < PER_SECOND else 1.0 - (now - recent[0])

    def count(self, address: str, now: float) -> None:
        """Note a packet."""
        self.sent += 1
        self._recent[address].append(now)

    def count_kernels(self, address: str, now: float) -> None:
        """Note a packet that the kernel sends on our account: its reset to a SYN-ACK."""
        self._kernels += 1
        self._recent[address].append(now)

    def hop_allows(self, source: str, hop: int, now: float) -> bool:
        """Take one of the hop's allowance (a bucket of ``BURST``, refilled at one a second)."""
        left, when = self._hops.get((source, hop), (float(BURST), now))
        left = min(BURST, left + now - when)
        if left < 1.0:
            return False
        self._hops[source, hop] = (left - 1.0, now)
        return True
