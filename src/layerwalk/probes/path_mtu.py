"""How large a packet may be, and whether anybody says so when it is too large.

On the wire: unfragmentable packets of growing size. On a real connection they are segments whose
data was acknowledged long ago: never delivered, and answered by an ACK that names them (D-SACK,
RFC 2883). Where the port gives no connection, or there are no raw sockets, they are echo requests;
what echoes say is then held against the MSS of the port and against datagrams.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.datagram_sizes import datagrams_vanish
from layerwalk.probes.facts import Answer, AnswerKind, Outcome, PathMtuFact, SizeMethod
from layerwalk.probes.sizes import Sizer, open_sizer
from layerwalk.probes.waiting import barred
from layerwalk.probes.wire.packets import Peer

SMALL = 128
"""A packet that any path carries."""

_PER_ROUND = 14
_PER_ROUND_DEAR = 6
_ROUNDS = 4
_HOPS = 12
_AGAIN_S = 1.15
_PATIENT_S = 0.5


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
    passes: int = 0
    vanishes: int = 0
    too_big: list[Answer] = field(default_factory=list)
    reached: Answer | None = None
    datagrams: bool | None = None

    def run(self) -> PathMtuFact:
        largest = self.sizer.largest
        self._look([SMALL, largest])
        while self.passes and self.passes < largest and self._lower() and not self._over():
            largest = self._told()
            self._look([largest])
        told = self.sizer.was_told(largest)
        if self.passes and self.passes < largest and not told and not self._over():
            self.vanishes = largest
            if self.sizer.method is not SizeMethod.UDP:
                self._pin_down(largest)
        return self._fact()

    def _pin_down(self, largest: int) -> None:
        """Find the limit and the place, and who else suffers."""
        self._locate(largest, again=False)
        began = self.ctx.clock()
        self._narrow()
        self._locate_again(largest, began)
        self._confirm()
        if self.vanishes and self.sizer.method is SizeMethod.ECHO and self.port is not None:
            sizes = (self.passes, self.vanishes)
            self.datagrams = datagrams_vanish(self.peer, *sizes, self.ctx, self.sizer.wire)

    def _over(self) -> bool:
        return self.ctx.cancel.is_set()

    def _told(self) -> int:
        return min((a.mtu for a in self.too_big if a.mtu), default=0)

    def _lower(self) -> bool:
        """Whether a router told a size that has not been tried: between what passes and fails."""
        return self.passes < self._told() < self.sizer.tried_and_failed()

    def _look(self, sizes: list[int]) -> None:
        """Try sizes, twice where one stays silent, and take in what came back."""
        for answer in self.sizer.ask(sizes):
            if answer.kind is AnswerKind.TOO_BIG:
                self.too_big.append(answer)
        self.passes = max(self.passes, self.sizer.passed())

    def _narrow(self) -> None:
        """Close in on the limit, many sizes at once."""
        for _ in range(_ROUNDS):
            gap = self.vanishes - self.passes
            if gap <= 1 or self._over():
                return
            dear = self.sizer.wire.means.is_dear("echo")
            step = max(gap // ((_PER_ROUND_DEAR if dear else _PER_ROUND) + 1), 1)
            sizes = list(range(self.passes + step, self.vanishes, step))
            self._look(sizes)
            silent = [size for size in sizes if size > self.passes]
            self.vanishes = min([*silent, self.vanishes])

    def _locate(self, size: int, *, again: bool) -> None:
        """Ask each hop whether a packet that vanishes came by: it reports those that expire."""
        hint = self.ctx.wire.known.distance_hint(self.peer) if self.ctx.wire else 0
        hops = list(range(1, hint or _HOPS))
        if again:
            beyond = self.reached.hop if self.reached else 0
            hops = [hop for hop in hops if hop > beyond]
        found = [a for a in self.sizer.expire(size, hops) if a.kind is AnswerKind.TIME_EXCEEDED]
        known = [self.reached] if self.reached else []
        self.reached = max([*known, *found], key=lambda a: a.hop, default=None)

    def _locate_again(self, size: int, began: float) -> None:
        if not self.ctx.pause(began + _AGAIN_S - self.ctx.clock()):
            self._locate(size, again=True)

    def _confirm(self) -> None:
        """Again and again, and patiently: what was only slow or lost has not vanished."""
        self.sizer.patience_s = _PATIENT_S
        self.sizer.insist([self.vanishes, self.sizer.largest])
        self._look([])
        if self.passes >= self.vanishes:
            self.vanishes = 0

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
            too_big=tuple(self.too_big),
            mss=sizer.mss,
            segment=sizer.largest if sizer.mss or tcp else 0,
            segment_passes=self.passes >= sizer.largest if tcp and self.passes else None,
            reached=self.reached,
            datagrams_vanish=self.datagrams,
        )
