"""Whether the target, too, thinks a connection made: a full queue drops the last ACK of ours.

On the wire: one real connection, and on it one byte that was acknowledged long ago. A connection
answers that with a D-SACK; a handshake that is still unfinished there answers with a plain ACK
(measured with Linux 6.18). Only then is the repeated SYN-ACK waited for, which comes a second
later, our last ACK sent four times more, as it may have been lost, and the byte again: a listener
that defers accepting takes the connection at that point (TCP_DEFER_ACCEPT, tcp(7)), a full queue
does not. At the end the connection is reset.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import AnswerKind, HandshakeFact, Outcome
from layerwalk.probes.seen_connection import Seen, seen_connection
from layerwalk.probes.waiting import barred, patience_s
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

NO_RAW = "whether the target thinks the connection made needs raw sockets (CAP_NET_RAW)"

_TCP_HEADER = 20
_TRIES = 2
_QUIET_S = 0.2
_REPEATED_S = 1.3
"""A SYN-ACK is first sent again after a second (RFC 6298)."""

_ENDINGS = 4
_ANSWERED_S = 0.05
"""By then our kernel has acknowledged the repeated SYN-ACK, and that ACK has left."""


def handshake(peer: Peer, port: int, ctx: ProbeContext) -> HandshakeFact:
    """Make a connection, and ask the target what it makes of it."""
    wire = ctx.wire
    why = barred(wire, "tcp") or ("" if wire and wire.means.raw else NO_RAW)
    if wire is None or why:
        return HandshakeFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
        )
    with seen_connection(peer, port, ctx, wire) as seen:
        if seen is None:
            outcome = Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.SILENT
            return HandshakeFact(outcome=outcome, address=peer.address, port=port)
        try:
            return _Asking(peer, seen, ctx, wire).run()
        finally:
            _reset(seen.sock)


def _reset(sock: socket.socket) -> None:
    """Close with a reset, which ends an unfinished handshake, too (SO_LINGER of no time)."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class _Asking:
    peer: Peer
    seen: Seen
    ctx: ProbeContext
    wire: Wire

    def run(self) -> HandshakeFact:
        if "sack-permitted" not in self.seen.heard.options:
            return self._fact(taken=None)
        taken = self._is_taken()
        if taken is not False:
            return self._fact(taken=taken)
        rtt_s = self.wire.known.rtt_s(self.peer) or 0.0
        self.wire.wait(lambda: self._repeats() > 0, _REPEATED_S + rtt_s, self.ctx.cancel)
        repeats = self._repeats()
        if not repeats or self.ctx.pause(_ANSWERED_S + rtt_s):
            return self._fact(taken=taken, repeats=repeats)
        self._end_again()
        held = self._is_taken() is False
        return self._fact(taken=taken, repeats=self._repeats(), still_held=held)

    def _is_taken(self) -> bool | None:
        """Send the byte; tell whether what answers it is a connection."""
        packet = self._byte()
        before = len(self._acks(packet))
        wait_s = max(_QUIET_S, patience_s(self.wire.known.rtt_s(self.peer)))
        for _ in range(_TRIES):
            if self.wire.send(packet):
                return None
            if self.wire.wait(lambda: len(self._acks(packet)) > before, wait_s, self.ctx.cancel):
                return "sack" in self._acks(packet)[-1]
        return None

    def _end_again(self) -> None:
        """Send the ACK that ends the handshake, lest it should only have been lost."""
        for _ in range(_ENDINGS):
            self.wire.send(packets.last_ack(self.peer, self.seen.ports, self.seen.numbers))
            self.ctx.pause(_ANSWERED_S)

    def _byte(self) -> Packet:
        """The last byte before our next one: ACKs with and without a D-SACK name it alike."""
        size = self.peer.header + _TCP_HEADER + 1
        return packets.old_segment(self.peer, self.seen.ports, self.seen.numbers, size)

    def _acks(self, packet: Packet) -> list[tuple[str, ...]]:
        answers = self.wire.answers(packet)
        return [answer.options for answer in answers if answer.kind is AnswerKind.ACK]

    def _repeats(self) -> int:
        answers = self.wire.answers(self._byte())
        return sum(answer.kind is AnswerKind.SYN_ACK for answer in answers)

    def _fact(
        self, *, taken: bool | None, repeats: int = 0, still_held: bool = False
    ) -> HandshakeFact:
        cut = self.ctx.cancel.is_set() and not taken
        return HandshakeFact(
            outcome=Outcome.CANCELLED if cut else Outcome.ANSWERED,
            address=self.peer.address,
            port=self.seen.ports[1],
            taken=taken,
            repeats=repeats,
            still_held=still_held,
        )
