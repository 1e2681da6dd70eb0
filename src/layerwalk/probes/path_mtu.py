"""How large a packet may be, and whether anybody says so when it is too large.

On the wire: unfragmentable packets of growing size. On a real connection they are segments whose
data was acknowledged long ago: never delivered, and answered by an ACK that names them (D-SACK,
RFC 2883). Where the port gives no connection, or there are no raw sockets, they are echo requests;
what echoes say is then held against the MSS of the port, against datagrams, and against SYNs that
carry as much data; where no echo is answered, those SYNs alone must tell. What comes back is
measured apart from what goes out: by echo replies, and by what a service says of itself.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.datagram_sizes import datagrams_vanish
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    EchoFate,
    HopSize,
    Outcome,
    PathMtuFact,
    SizeMethod,
    WayBack,
)
from layerwalk.probes.first_words import Ear, listening
from layerwalk.probes.laden_syns import laden_syns_vanish
from layerwalk.probes.large_replies import Reply, large_reply, replies_by_hop
from layerwalk.probes.size_limit import Limit
from layerwalk.probes.size_places import Places, hops_to
from layerwalk.probes.sizes import Sizer, open_sizer
from layerwalk.probes.told import kernel_hears
from layerwalk.probes.waiting import barred
from layerwalk.probes.way_back import Listener, small_segment
from layerwalk.probes.wire.packets import Peer

SMALL = 128
"""A packet that any path carries."""

_SLOW_S = 0.25


def path_mtu(peer: Peer, port: int | None, ctx: ProbeContext, remembered: int = 0) -> PathMtuFact:
    """Find the largest packet that passes; ``port`` is one that is known to be open.

    ``remembered`` is the MTU that the kernel has for this path, by a route or a router's word: it
    sends nothing larger, and asks for nothing larger.
    """
    why = barred(ctx.wire, "udp")
    if ctx.wire is None or why:
        return PathMtuFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
        )
    with ExitStack() as stack:
        listeners = [] if port is None else stack.enter_context(_listening(peer, port, ctx))
        sizer = stack.enter_context(open_sizer(peer, port, ctx, ctx.wire))
        search = _Search(peer, port, sizer, ctx)
        search.run()
        back = _way_back(search, listeners)
        unheard = _kernel_is_deaf(search)
        return replace(search.fact(), back=back, remembered=remembered, kernel_is_deaf=unheard)


def _listening(peer: Peer, port: int, ctx: ProbeContext) -> AbstractContextManager[list[Ear]]:
    """Listen from the beginning; where round trips are long, on small segments besides."""
    rtt_s = ctx.wire.known.rtt_s(peer) if ctx.wire else None
    both = rtt_s is not None and rtt_s >= _SLOW_S
    return listening(peer, port, [0, small_segment(peer)] if both else [0], ctx)


def _kernel_is_deaf(search: _Search) -> bool:
    """Whether a local rule keeps the kernel from what routers say of large packets."""
    sizes = [size for size, _ in search.sizer.sent if search.sizer.was_told(size)]
    if not sizes:
        return False
    return kernel_hears(search.peer, max(sizes), search.ctx, search.sizer.wire) is False


def _way_back(search: _Search, listeners: list[Ear]) -> WayBack | None:
    """What comes back, as far as packets arrive at all."""
    if not search.passes or search.ctx.cancel.is_set():
        return None
    peer, port, ctx, wire = search.peer, search.port, search.ctx, search.sizer.wire
    reply = Reply(EchoFate.NOT_ASKED)
    if not wire.means.bars("echo") and search.sizer.method is not SizeMethod.SYN:
        reply = large_reply(peer, search.passes, ctx, wire)
    back = WayBack(passes=search.passes if reply.fate is EchoFate.WHOLE else 0)
    if port is not None and listeners:
        rtt_s = listeners[0].rtt_s if listeners[0].made else wire.known.rtt_s(peer)
        listener = Listener(peer, port, ctx, rtt_s or 0.0)
        heard = listener.overhear(listeners, reply.piece)
        back = replace(
            heard, passes=heard.passes if heard.vanishes else max(heard.passes, back.passes)
        )
    back = replace(back, echo=reply.fate, piece=reply.piece)
    return _placed(search, back) if back.vanishes and wire.means.raw else back


def _placed(search: _Search, back: WayBack) -> WayBack:
    """Name the hops between which large echo replies cease to come whole."""
    sizer = search.sizer
    if back.vanishes > search.passes:
        return back
    found = sizer.expire([SMALL], hops_to(sizer.wire.known.distance_hint(search.peer)))[SMALL]
    routers = {a.hop: a.responder for a in found if a.kind is AnswerKind.TIME_EXCEEDED}
    hops = replies_by_hop(search.peer, routers, search.passes, search.ctx, sizer.wire)
    return replace(back, hops=hops)


@dataclass
class _Search:
    peer: Peer
    port: int | None
    sizer: Sizer
    ctx: ProbeContext
    vanishes: int = 0
    reached: Answer | None = None
    datagrams: bool | None = None
    syns: bool | None = None
    hops: tuple[HopSize, ...] = ()

    @property
    def passes(self) -> int:
        return self.sizer.passed()

    def run(self) -> None:
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
            self._ask_others()
        self.reached, self.hops = places.reached, places.sizes()

    def _ask_others(self) -> None:
        """What else vanishes of that size, where it is echoes that do.

        SYNs of sizes come in bursts, which a limit on SYNs cuts off: they are tried again, both
        sizes in turn and the large ones first.
        """
        by = self.sizer.method
        if by not in {SizeMethod.ECHO, SizeMethod.SYN} or self.port is None:
            return
        if self.sizer.largest > self.passes:
            sizes, wire = (SMALL, self.vanishes), self.sizer.wire
            self.syns = laden_syns_vanish(self.peer, self.port, sizes, self.ctx, wire)
        if self.syns is None and by is SizeMethod.ECHO:
            sizes = (self.passes, self.vanishes)
            self.datagrams = datagrams_vanish(self.peer, *sizes, self.ctx, self.sizer.wire)

    def _over(self) -> bool:
        return self.ctx.cancel.is_set()

    def _told(self) -> int:
        return min((a.mtu for a in self.sizer.too_big() if a.mtu), default=0)

    def _lower(self) -> bool:
        """Whether a router told a size that has not been tried: between what passes and fails."""
        return self.passes < self._told() < self.sizer.tried_and_failed()

    def fact(self) -> PathMtuFact:
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
            syns_vanish=self.syns,
            hops=self.hops,
        )
