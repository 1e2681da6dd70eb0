"""How large a packet may be, and whether anybody says so when it is too large.

On the wire: unfragmentable packets of growing size. On a real connection they are segments whose
data was acknowledged long ago: never delivered, and answered by an ACK that names them (D-SACK,
RFC 2883). Where the port gives no connection, or there are no raw sockets, they are echo requests;
what echoes say is then held against the MSS of the port and against datagrams.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.datagram_sizes import datagrams_vanish
from layerwalk.probes.facts import Answer, Outcome, PathMtuFact, SizeMethod
from layerwalk.probes.size_limit import Limit
from layerwalk.probes.size_places import Places
from layerwalk.probes.sizes import Sizer, open_sizer
from layerwalk.probes.waiting import barred
from layerwalk.probes.wire.packets import Peer

SMALL = 128
"""A packet that any path carries."""


def path_mtu(peer: Peer, port: int | None, ctx: ProbeContext) -> PathMtuFact:
    """Find the largest packet that passes; ``port`` is one that is known to be open."""
    why = barred(ctx.wire, "udp")
    if ctx.wire is None or why:
        return PathMtuFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
        )
    with ExitStack() as stack:
        sizer = stack.enter_context(open_sizer(peer, port, ctx, ctx.wire))
        return _Search(peer, port, sizer, ctx).run()


@dataclass
class _Search:
    peer: Peer
    port: int | None
    sizer: Sizer
    ctx: ProbeContext
    vanishes: int = 0
    reached: Answer | None = None
    datagrams: bool | None = None

    @property
    def passes(self) -> int:
        return self.sizer.passed()

    def run(self) -> PathMtuFact:
        largest = self.sizer.largest
        self.sizer.ask([SMALL, largest])
        while self.passes and self.passes < largest and self._lower() and not self._over():
            largest = self._told()
            self.sizer.ask([largest])
        told = self.sizer.was_told(largest)
        if self.passes and self.passes < largest and not told and not self._over():
            self.vanishes = largest
            if self.sizer.method is not SizeMethod.UDP:
                self._pin_down(largest)
        return self._fact()

    def _pin_down(self, largest: int) -> None:
        """Find the place and the limit, and who else suffers."""
        distance = self.sizer.wire.known.distance_hint(self.peer)
        places = Places(self.sizer, SMALL, largest, distance)
        places.ask()
        limit = Limit(self.sizer, self.passes, largest, self._over)
        limit.close_in()
        told = self.sizer.was_told(limit.vanishes)
        self.vanishes = 0 if told else limit.vanishes
        if self.vanishes and not self._over():
            places.ask_again()
            self._ask_datagrams()
        self.reached = places.reached

    def _ask_datagrams(self) -> None:
        if self.sizer.method is SizeMethod.ECHO and self.port is not None:
            sizes = (self.passes, self.vanishes)
            self.datagrams = datagrams_vanish(self.peer, *sizes, self.ctx, self.sizer.wire)

    def _over(self) -> bool:
        return self.ctx.cancel.is_set()

    def _told(self) -> int:
        return min((a.mtu for a in self.sizer.too_big() if a.mtu), default=0)

    def _lower(self) -> bool:
        """Whether a router told a size that has not been tried: between what passes and fails."""
        return self.passes < self._told() < self.sizer.tried_and_failed()

    def _fact(self) -> PathMtuFact:
        sizer = self.sizer
        tcp = sizer.method is SizeMethod.TCP
        outcome = Outcome.ANSWERED if self.passes else Outcome.SILENT
        return PathMtuFact(
            outcome=Outcome.CANCELLED if self._over() and not self.passes else outcome,
            address=self.peer.address,
            port=self.port,
            interface_mtu=self.peer.mtu,
            passes=self.passes,
            vanishes=self.vanishes,
            by=sizer.method,
            too_big=sizer.too_big(),
            mss=sizer.mss,
            segment=sizer.largest if sizer.mss or tcp else 0,
            segment_passes=self.passes >= sizer.largest if tcp and self.passes else None,
            reached=self.reached,
            datagrams_vanish=self.datagrams,
        )
