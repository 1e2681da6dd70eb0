"""What the answers so far tell of an address: how far away it is, and how fast it answers."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from layerwalk.probes.facts import Answer
from layerwalk.probes.wire.packets import Peer

_STARTS = (64, 128, 255)
"""The TTLs that hosts begin with."""


@dataclass
class Acquaintance:
    """What is known of an address: first probe, slowest and quickest round trip of its answers.

    ``absent_since`` is when a router said that it has looked for it on its link, in vain;
    ``looked_at`` are the ports that plain SYNs have gone to.
    """

    first: float | None = None
    rtt_s: float | None = None
    quickest_s: float | None = None
    ttl: int = 0
    absent_since: float | None = None
    looked_at: set[int] = field(default_factory=set)


class Acquaintances:
    """All addresses that packets went to or came from; used by many threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: defaultdict[str, Acquaintance] = defaultdict(Acquaintance)
        self.interfaces: dict[str, str] = {}
        """By address, the interface by which its last answer came in; empty where unseen."""

        self.connected: set[tuple[str, int]] = set()
        """Addresses and ports to which the kernel has made a connection: answers get that far."""

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
            self.interfaces[answer.responder] = answer.interface
            if not repeated:
                known.rtt_s = max(known.rtt_s or 0.0, answer.rtt_s)
                known.quickest_s = min(known.quickest_s or answer.rtt_s, answer.rtt_s)

    def note_syns(self, peer: Peer, port: int) -> None:
        """Note that all the plain SYNs of a first look at the port are on their way."""
        with self._lock:
            self._known[peer.dst].looked_at.add(port)

    def saw_syns(self, peer: Peer, port: int) -> bool:
        """Whether a first look at the port has sent all of its SYNs."""
        with self._lock:
            return port in self._known[peer.dst].looked_at

    def note_absence(self, address: str) -> None:
        """Note that a router has reported the address as unreachable on its link."""
        with self._lock:
            known = self._known[address]
            known.absent_since = known.absent_since or self._clock()

    def is_absent(self, address: str) -> bool:
        """Whether a router says that nobody is there, and nobody there has ever answered."""
        with self._lock:
            known = self._known[address]
            return known.absent_since is not None and known.rtt_s is None

    def absent_s(self, peer: Peer) -> float:
        """How long ago a router has first reported the address as unreachable; 0 for never."""
        with self._lock:
            since = self._known[peer.dst].absent_since
        return 0.0 if since is None else self._clock() - since

    def rtt_s(self, peer: Peer) -> float | None:
        """The slowest round trip to the address itself so far, by any kind of answer."""
        with self._lock:
            return self._known[peer.dst].rtt_s

    def quickest_s(self, peer: Peer) -> float | None:
        """The quickest round trip to the address itself so far."""
        with self._lock:
            return self._known[peer.dst].quickest_s

    def distance_hint(self, peer: Peer) -> int:
        """The target's distance in hops as its answers' TTL suggests; 0 where none came.

        The way back need not be as long as the way there.
        """
        with self._lock:
            ttl = self._known[peer.dst].ttl
        return min((start - ttl + 1 for start in _STARTS if ttl and start >= ttl), default=0)

    def next_door(self, peer: Peer) -> bool:
        """Whether the address's packets come with the highest TTL there is: from the same link."""
        with self._lock:
            return self._known[peer.dst].ttl == max(_STARTS)

    def listened_s(self, peer: Peer) -> float:
        """How long ago the first packet to the address left."""
        with self._lock:
            first = self._known[peer.dst].first
        return 0.0 if first is None else self._clock() - first
