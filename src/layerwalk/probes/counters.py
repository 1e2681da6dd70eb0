"""Whether SYNs get lost on this machine itself, told by the kernel's counters without any rights.

On the wire: up to nine bursts of eight SYNs, to the port and to a high port. A burst takes less
than a millisecond, so that little else gets between the two looks at the counters; and what does
can only hide a loss. What comes in and is dropped is held against a quiet time as long; where that
is not quiet, because the target sends lost answers again (RFC 6298: after one second and three), no
burst is sent before it is, or three seconds later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.control import HIGH_PORT
from layerwalk.probes.facts import CountersFact, Outcome
from layerwalk.probes.network_counters import NetworkCounters, network_counters
from layerwalk.probes.waiting import await_lull, barred, patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.wire import Wire

BURST = 8

_ROUNDS, _LOOKS = 2, 30
_CALM = BURST // 4
_FLOOR_S = 0.1
_PATIENCE_S = 1.5

Look = Callable[[int, str], NetworkCounters]


def counters(
    peer: Peer, port: int, ctx: ProbeContext, look: Look = network_counters
) -> CountersFact:
    """Send bursts, and see what the counters make of them."""
    why = barred(ctx.wire, "tcp")
    if ctx.wire is None or why:
        return CountersFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
        )
    return _Count(peer, port, ctx, ctx.wire, look).run()


@dataclass
class _Count:
    peer: Peer
    port: int
    ctx: ProbeContext
    wire: Wire
    look: Look
    looks: int = 0

    def run(self) -> CountersFact:
        unsent = 0
        for _ in range(_ROUNDS):
            unsent = max(unsent, self._unsent())
        if not unsent:
            await_lull(self.ctx, self.wire, _PATIENCE_S)
        rounds = [] if unsent else self._heard()
        cancelled = self.ctx.cancel.is_set()
        return CountersFact(
            outcome=Outcome.CANCELLED if cancelled else Outcome.ANSWERED,
            address=self.peer.address,
            port=self.port,
            sent=BURST,
            unsent=unsent,
            undelivered=min((lost for _, lost, _ in rounds), default=0),
            quiet=max((quiet for quiet, _, _ in rounds), default=0),
            reversed=min((dropped for _, _, dropped in rounds), default=0),
        )

    def _heard(self) -> list[tuple[int, int, int]]:
        """Rounds: what gets lost in a quiet time and after a burst, and that by the path filter.

        Each burst is itself sent again by the target later on, so that there are but two, and one
        where that shows that answers are delivered.
        """
        first = (self._lost(0)[0], *self._lost(BURST))
        if first[1] < BURST:
            return [first]
        rounds = [first] if first[0] <= _CALM else []
        while len(rounds) < _ROUNDS:
            rounds.append((self._calm(), *self._lost(BURST)))
        return rounds

    def _calm(self) -> int:
        """What gets lost in a quiet time, as soon as it is one."""
        quiet = self._lost(0)[0]
        while quiet > _CALM and self.looks < _LOOKS and not self.ctx.cancel.is_set():
            self.looks += 1
            quiet = self._lost(0)[0]
        return quiet

    def _unsent(self) -> int:
        """How many of a burst certainly did not leave, by the stack or by the interface.

        The interface is believed only where it counts other bursts at once, before and after.
        """
        before = self._burst(HIGH_PORT)
        mine = self._burst(self.port)
        after = self._burst(HIGH_PORT)
        kept = BURST - mine.transmitted
        if min(before.interface, after.interface) >= BURST:
            kept = max(kept, BURST - mine.interface)
        return min(max(kept, 0), BURST)

    def _burst(self, port: int) -> NetworkCounters:
        """What the counters rise by over a burst."""
        ready = self._ready(port, BURST)
        before = self._looked()
        for packet in ready:
            self.wire.send(packet)
        return _difference(before, self._looked())

    def _lost(self, count: int) -> tuple[int, int]:
        """What gets lost, by whatever rule and by the reverse path filter, in a round trip.

        Other probes of this walk may lose an answer for each packet that they send meanwhile.
        """
        ready = self._ready(self.port, count)
        before, sent = self._looked(), self.wire.packets
        for packet in ready:
            self.wire.send(packet)
        self.ctx.pause(max(_FLOOR_S, patience_s(self.wire.known.rtt_s(self.peer))))
        found, others = _difference(before, self._looked()), self.wire.packets - sent - count
        return max(found.lost - max(others, 0), 0), found.reversed

    def _ready(self, port: int, count: int) -> list[packets.Packet]:
        """Packets of a flow of their own: late answers to them are nobody else's."""
        ports = (self.wire.port(self.peer.source, f"counters {port}"), port)
        return [packets.syn(self.peer, ports, self.wire.number()) for _ in range(count)]

    def _looked(self) -> NetworkCounters:
        return self.look(self.peer.version, self.peer.interface)


def _difference(before: NetworkCounters, after: NetworkCounters) -> NetworkCounters:
    return NetworkCounters(
        transmitted=after.transmitted - before.transmitted,
        interface=after.interface - before.interface,
        lost=after.lost - before.lost,
        reversed=after.reversed - before.reversed,
    )
