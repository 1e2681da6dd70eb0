"""Who answers for one address on the link: two machines, or one by two ways.

On the wire, only where several answer: up to two echo requests to the next hop, and two SYNs to the
target's port (or echo requests where there is none), handed to each by its link-layer address. One
machine with two ports answers both from the same; so do a machine and a router that hands packets
on to it. Needs CAP_NET_RAW.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import AnswerKind, Claimant
from layerwalk.probes.wire import packets
from layerwalk.probes.wire.link_layer import ETHERTYPES, HEADER, handed_to, opened, send, sender_of
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.parse import Heard, read
from layerwalk.probes.wire.record import Direction
from layerwalk.probes.wire.wire import Wire

_TIMES = 2
_FLOOR_S, _LONGEST_S = 0.3, 2.0
_ROUND_TRIPS = 2
_LOOK_S = 0.05


def told_apart(
    peer: Peer, next_hop: str, port: int | None, macs: Sequence[str], ctx: ProbeContext
) -> tuple[Claimant, ...]:
    """Hand each the same packets, and see from whom answers come.

    Raises:
        OSError: the interface is gone.
    """
    if ctx.wire is None:
        return ()
    near = replace(peer, address=next_hop)
    with closing(opened(peer.interface, ETHERTYPES[peer.version], ctx.origin)) as sock:
        handing = _Handing(sock, near, peer, port, ctx, ctx.wire)
        for _ in range(_TIMES):
            handing.hand(macs)
            handing.listen()
        handing.take_back()
        return tuple(handing.claimant(mac) for mac in macs)


@dataclass
class _Handing:
    """``sent`` is each packet with the one that it was handed to, and what came back for it."""

    sock: socket.socket
    near: Peer
    far: Peer
    port: int | None
    ctx: ProbeContext
    wire: Wire
    sent: list[tuple[str, bool, Packet]] = field(default_factory=list)
    heard: dict[int, list[tuple[str, Heard]]] = field(default_factory=dict)

    def hand(self, macs: Sequence[str]) -> None:
        """Hand to each what it has not answered yet."""
        for mac in macs:
            for beyond in (False, True):
                if not self._answers(mac, beyond=beyond) and not self.ctx.cancel.is_set():
                    self._send(mac, self._packet(beyond=beyond), beyond=beyond)

    def listen(self) -> None:
        """Listen until all have been answered, or for as long as answers take."""
        rtt_s = self.wire.known.rtt_s(self.far) or 0.0
        wait_s = min(max(_FLOOR_S, _ROUND_TRIPS * rtt_s), _LONGEST_S)
        deadline = self.ctx.clock() + wait_s
        while (left := deadline - self.ctx.clock()) > 0 and not self.ctx.cancel.is_set():
            if len(self.heard) == len(self.sent):
                return
            ready, _, _ = select.select([self.sock], [], [], min(left, _LOOK_S))
            if ready:
                self._take(self.sock.recv(2048))

    def take_back(self) -> None:
        """Reset what the target may hold half open, by the way that it was opened."""
        for number, answers in tuple(self.heard.items()):
            mac, _, packet = self.sent[number]
            if any(heard.kind is AnswerKind.SYN_ACK for _, heard in answers):
                self._put(mac, packets.reset(packet))

    def claimant(self, mac: str) -> Claimant:
        """What became of everything that was handed to one."""
        beyond = self._answers(mac, beyond=True)
        return Claimant(
            mac=mac,
            echo_from=_senders(self._answers(mac, beyond=False)),
            beyond=str(beyond[0][1].kind) if beyond else "",
            beyond_from=_senders(beyond),
        )

    def _packet(self, *, beyond: bool) -> Packet:
        number = len(self.sent) + 1
        peer = self.far if beyond else self.near
        if not beyond or self.port is None:
            return packets.echo(peer, self.wire.number(16), number)
        own = self.wire.port(peer.source, f"claimants {self.port} {number}")
        return packets.syn(peer, (own, self.port), self.wire.number())

    def _send(self, mac: str, packet: Packet, *, beyond: bool) -> None:
        self.sent.append((mac, beyond, packet))
        self._put(mac, packet)

    def _put(self, mac: str, packet: Packet) -> None:
        frame = handed_to(mac, packet)
        send(self.sock, frame)
        self.wire.recording.frame(self.far.interface, frame, Direction.OUT)

    def _take(self, frame: bytes) -> None:
        heard = read(frame[HEADER:])
        for number, (_, _, packet) in enumerate(self.sent):
            if heard is not None and heard.identity == packet.identity:
                self.heard.setdefault(number, []).append((sender_of(frame), heard))
                self.wire.recording.frame(self.far.interface, frame, Direction.IN)

    def _answers(self, mac: str, *, beyond: bool) -> list[tuple[str, Heard]]:
        return [
            answer
            for number, (to, far, _) in enumerate(self.sent)
            if (to, far) == (mac, beyond)
            for answer in self.heard.get(number, [])
        ]


def _senders(answers: Sequence[tuple[str, Heard]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mac for mac, _ in answers))
