"""Whether a silent port is kept from us whole, or only SYNs to it go unanswered.

On the wire: two ACKs of no connection to the port, and two to another port that answers. Any TCP
resets them, a listener with a full queue as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Answer, Outcome, StrayAckFact
from layerwalk.probes.waiting import barred, until_silent
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.wire import Wire

NO_RAW = "ACKs of no connection need raw sockets (CAP_NET_RAW)"

_TIMES = 2
_APART_S = 0.05
_QUIET_S = 0.25


def stray_ack(peer: Peer, port: int, control_port: int, ctx: ProbeContext) -> StrayAckFact:
    """Send ACKs to the port and, unless it is 0, to the control port."""
    wire = ctx.wire
    why = barred(wire, "tcp") or ("" if wire and wire.means.raw else NO_RAW)
    if wire is None or why:
        return StrayAckFact(
            outcome=Outcome.NOT_PERMITTED, address=peer.address, port=port, detail=why
        )
    try:
        return _Asking(peer, ctx, wire).run(port, control_port)
    except OSError as error:  # no port is free for one more flow
        detail = error.strerror or str(error)
        return StrayAckFact(outcome=Outcome.FAILED, address=peer.address, port=port, detail=detail)


@dataclass
class _Asking:
    peer: Peer
    ctx: ProbeContext
    wire: Wire

    def run(self, port: int, control_port: int) -> StrayAckFact:
        sent: dict[int, list[Packet]] = {port: []}
        if control_port:
            sent[control_port] = []
        for turn in range(_TIMES):
            for to in sent:
                sent[to] += self._sent(to, turn)
            self.ctx.pause(_APART_S)
        every = [packet for group in sent.values() for packet in group]
        if every:
            until_silent(
                lambda: all(map(self.wire.answers, every)),
                self.peer,
                self.ctx,
                self.wire,
                _QUIET_S,
            )
        heard = self._heard(sent[port])
        cancelled = self.ctx.cancel.is_set()
        silent = Outcome.CANCELLED if cancelled else Outcome.SILENT
        return StrayAckFact(
            outcome=Outcome.ANSWERED if heard else silent,
            address=self.peer.address,
            port=port,
            sent=len(sent[port]),
            answers=heard,
            control_port=control_port,
            control_answers=self._heard(sent.get(control_port, [])),
        )

    def _sent(self, port: int, turn: int) -> list[Packet]:
        own = self.wire.port(self.peer.source, f"stray {port} {turn}")
        packet = packets.stray_ack(self.peer, (own, port), self.wire.number())
        return [] if self.ctx.cancel.is_set() or self.wire.send(packet) else [packet]

    def _heard(self, sent: list[Packet]) -> tuple[Answer, ...]:
        return tuple(answer for packet in sent for answer in self.wire.answers(packet))
