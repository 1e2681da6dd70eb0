"""What the answers so far tell of an address: how far away it is, and how fast it answers."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from layerwalk.probes.facts import Answer
from layerwalk.probes.wire.packets import Peer

_STARTS = (64, 128, 255)
"""The TTLs that hosts begin with."""


@dataclass
class Acquaintance:
    """What is known of an address: first probe, and the slowest round trip of its own answers.

    ``absent`` says that a router has looked for it on its link, in vain.
    """

    first: float | None = None
    rtt_s: float | None = None
    ttl: int = 0
    absent: bool = False


class Acquaintances:
    """All addresses that packets went to or came from; used by many threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: defaultdict[str, Acquaintance] = defaultdict(Acquaintance)

    def note_probe(self, address: str, now: float) -> None:
        """Note that a packet to the address has left, at this time of the steady clock."""
        with self._lock:
            known = self._known[address]
            if known.first is None:
                known.first = now

    def learn(self, answer: Answer, *, repeated: bool) -> None:
        """Take in what an answer by the address itself says of it."""
        with self._lock:
            known = self._known[answer.responder]
            known.ttl = answer.ttl
            if not repeated:
                known.rtt_s = max(known.rtt_s or 0.0, answer.rtt_s)

    def note_absence(self, address: str) -> None:
        """Note that a router has reported the address as unreachable on its link."""
        with self._lock:
            self._known[address].absent = True

    def is_absent(self, address: str) -> bool:
        """Whether a router says that nobody is there, and nobody there has ever answered."""
        with self._lock:
            known = self._known[address]
            return known.absent and known.rtt_s is None

    def rtt_s(self, peer: Peer) -> float | None:
        """The slowest round trip to the address itself so far, by any kind of answer."""
        with self._lock:
            return self._known[peer.dst].rtt_s

    def distance_hint(self, peer: Peer) -> int:
        """The target's distance in hops as its answers' TTL suggests; 0 where none came.

        The way back need not be as long as the way there.
        """
        with self._lock:
            ttl = self._known[peer.dst].ttl
        return min((start - ttl + 1 for start in _STARTS if ttl and start >= ttl), default=0)

    def listened_s(self, peer: Peer) -> float:
        """How long ago the first packet to the address left."""
        with self._lock:
            first = self._known[peer.dst].first
        return 0.0 if first is None else self._clock() - first
