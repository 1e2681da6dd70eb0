"""Asking ports by raw sockets: SYNs by the hundred, their answers off a packet socket."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from layerwalk.probes.origin import Origin
from layerwalk.probes.scan.carrier import Sent
from layerwalk.probes.scan.ear import Ear, Heap
from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.scan.keeping import Keeping
from layerwalk.probes.scan.reading import Reader
from layerwalk.probes.scan.reasons import Reply
from layerwalk.probes.scan.stencil import RST, SYN, Stencil
from layerwalk.probes.scan.volley import Volley, connected_raw
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.ports import Ports
from layerwalk.probes.wire.recording import Recording

MOST = 1024
"""How many packets leave with one call."""


class RawCarrier:
    """Half-open: the kernel resets what is opened, as the source port is bound and not listening.

    What stays unanswered is reset by ``take_back``.
    """

    half_open = True
    room = MOST

    def __init__(self, peer: Peer, origin: Origin, recording: Recording) -> None:
        """Open the sockets; what is sent and heard is kept in the recording, as far as it takes it.

        Raises:
            OSError: no CAP_NET_RAW, no free port, or no way to the target.
        """
        self._ports = Ports(origin)
        number = self._ports.reserve(peer.source, "scan")
        self.flow = Flow.drawn(peer, number, random.SystemRandom())
        self._reader = Reader(self.flow)
        self._ear = Ear(self.flow)
        self._sock = connected_raw(peer, origin)
        self._keeping = Keeping(recording, peer)
        self._syns, self._resets = (Stencil(self.flow, flags, MOST) for flags in (SYN, RST))
        self._volleys = {it.flags: Volley(self._sock, it) for it in (self._syns, self._resets)}

    def ask(self, ports: Sequence[int]) -> Sent:
        """Send a SYN to each port."""
        return self._fired(self._syns, ports)

    def replies(self, seconds: float) -> list[Reply]:
        """Read what has come back."""
        if seconds > 0.0:
            self._ear.wait(seconds)
        if self._keeping.on:
            return [reply for heap in self._ear.heard() for reply in self._kept(heap)]
        return [reply for heap in self._ear.heard() for reply in self._reader.replies(heap)]

    def _kept(self, heap: Heap) -> Iterator[Reply]:
        """Read packets one by one, and keep those that answer."""
        for packet in heap.packets():
            reply = self._reader.reply(packet)
            if reply:
                self._keeping.heard(reply.port, packet)
                yield reply

    def _fired(self, stencil: Stencil, ports: Sequence[int]) -> Sent:
        count, error = self._volleys[stencil.flags].fire(ports)
        self._keeping.sent(stencil, ports[:count])
        return Sent(count, ports[count] if error else 0)

    def give_up(self, ports: Sequence[int]) -> None:
        """Nothing to do: waiting costs nothing."""

    def take_back(self, ports: Sequence[int]) -> Sent:
        """Send a reset to each port."""
        return self._fired(self._resets, ports)

    def dropped(self) -> int:
        """What the packet socket had no room for."""
        return self._ear.dropped()

    def close(self) -> None:
        """Close the sockets."""
        self._ear.close()
        self._sock.close()
        self._ports.close()
