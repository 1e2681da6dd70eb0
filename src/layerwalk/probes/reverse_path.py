"""Whether this machine's reverse path filter drops the answers, told by its counter.

On the wire: two bursts of eight packets, echoes or SYNs on a flow each, and between them two quiet
times as long. The counter is TcpExt IPReversePathFilter (kernel's snmp_counter), which anyone may
read. Where the answers come in shows on the packets themselves, which packet sockets see before
the filter; without raw sockets by which interface's count of packets rises along with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, ReversePathFact
from layerwalk.probes.network_counters import received_by_interface, reverse_path_drops
from layerwalk.probes.waiting import await_lull, barred
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

BURST = 8

_SETTINGS = Path("/proc/sys/net/ipv4/conf")
_ROUNDS = 2
_FLOOR_S, _LONGEST_S = 0.1, 1.0
_ROUND_TRIPS = 3
_PATIENCE_S = 1.5


@dataclass(frozen=True)
class Seen:
    """One look: what the filter has dropped so far, and what each interface has received."""

    dropped: int
    received: dict[str, int] = field(default_factory=dict)


Look = Callable[[], Seen]


def look() -> Seen:
    """Look at the kernel's counters."""
    return Seen(reverse_path_drops(), received_by_interface())


def reverse_path(
    peer: Peer, port: int | None, ctx: ProbeContext, look: Look = look
) -> ReversePathFact:
    """Send bursts, SYNs to the port or echoes where there is none, and see what the filter does."""
    wire = ctx.wire
    why = barred(wire, "echo" if port is None else "tcp")
    if wire is None or why:
        return ReversePathFact(outcome=Outcome.NOT_PERMITTED, address=peer.address, detail=why)
    return _Bursts(peer, port, ctx, wire, look).run()


@dataclass
class _Bursts:
    peer: Peer
    port: int | None
    ctx: ProbeContext
    wire: Wire
    look: Look
    sent: list[Packet] = field(default_factory=list)

    def run(self) -> ReversePathFact:
        quiet, bursts = [], []
        await_lull(self.ctx, self.wire, _PATIENCE_S)
        for _ in range(_ROUNDS):
            quiet.append(self._rise(0))
            bursts.append(self._rise(BURST))
        interface = self._seen_on() or self._risen(bursts)
        if self.port is not None:
            self.wire.take_back(self.sent)
        return ReversePathFact(
            outcome=Outcome.CANCELLED if self.ctx.cancel.is_set() else Outcome.ANSWERED,
            address=self.peer.address,
            sent=BURST,
            dropped=min(rise.dropped for rise in bursts),
            quiet=max(rise.dropped for rise in quiet),
            interface=interface,
            filter_all=_setting("all"),
            filter_own=_setting(interface) if interface else None,
        )

    def _rise(self, count: int) -> Seen:
        """What the counters rise by over a burst and the round trips of its answers.

        Other probes of this walk may have an answer dropped for each packet that they send
        meanwhile; those are not this burst's.
        """
        burst = [self._packet() for _ in range(count)]
        before, others = self.look(), self.wire.packets
        for packet in burst:
            self.wire.send(packet)
        rtt_s = self.wire.known.rtt_s(self.peer) or 0.0
        self.ctx.pause(min(max(_FLOOR_S, _ROUND_TRIPS * rtt_s), _LONGEST_S))
        after, others = self.look(), max(self.wire.packets - others - count, 0)
        received = {
            name: after.received.get(name, 0) - number for name, number in before.received.items()
        }
        return Seen(max(after.dropped - before.dropped - others, 0), received)

    def _packet(self) -> Packet:
        number = len(self.sent) + 1
        if self.port is None:
            packet = packets.echo(self.peer, self.wire.number(16), number)
        else:
            own = self.wire.port(self.peer.source, f"reverse path {self.port} {number}")
            packet = packets.syn(self.peer, (own, self.port), self.wire.number())
        self.sent.append(packet)
        return packet

    def _seen_on(self) -> str:
        """The interface that most answers were seen on."""
        names = Counter(a.interface for packet in self.sent for a in self.wire.answers(packet)[:1])
        del names[""]
        return names.most_common(1)[0][0] if names else ""

    def _risen(self, bursts: list[Seen]) -> str:
        """The one interface that received as much as was sent, each time, and that filters.

        It is another than the route's, where several did.
        """
        names = [
            name
            for name in bursts[0].received
            if all(rise.received.get(name, 0) >= BURST for rise in bursts) and _filters(name)
        ]
        others = [name for name in names if name != self.peer.interface] or names
        return others[0] if len(others) == 1 else ""


def _filters(interface: str) -> bool:
    return bool(max(_setting("all") or 0, _setting(interface) or 0))


def _setting(interface: str) -> int | None:
    try:
        return int((_SETTINGS / interface / "rp_filter").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
