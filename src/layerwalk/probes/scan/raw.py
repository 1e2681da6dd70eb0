"""Asking ports by raw sockets: SYNs by the hundred, their answers off a packet socket."""

from __future__ import annotations

import random
import socket
from collections.abc import Sequence

from layerwalk.probes.scan.carrier import Sent
from layerwalk.probes.scan.ear import Ear
from layerwalk.probes.scan.flow import Flow
from layerwalk.probes.scan.reading import Reader
from layerwalk.probes.scan.reasons import Reply
from layerwalk.probes.scan.stencil import RST, SYN, Stencil
from layerwalk.probes.scan.volley import Volley, connected_raw
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.ports import Ports

MOST = 1024
"""How many packets leave with one call."""


class RawCarrier:
    """Half-open: the kernel resets what is opened, as the source port is bound and not listening.

    What stays unanswered is reset by ``take_back``.
    """

    half_open = True
    room = MOST

    def __init__(self, peer: Peer) -> None:
        """Open the sockets.

        Raises:
            OSError: no CAP_NET_RAW, no free port, or no way to the target.
        """
        self._ports = Ports()
        number = self._ports.reserve(peer.source, "scan")
        self.flow = Flow.drawn(peer, number, random.SystemRandom())
        self._reader = Reader(self.flow)
        self._ear = Ear(self.flow)
        self._sock = connected_raw(peer.version, peer.dst, _scope(peer))
        self._syns = Volley(self._sock, Stencil(self.flow, SYN, MOST))
        self._resets = Volley(self._sock, Stencil(self.flow, RST, MOST))

    def ask(self, ports: list[int]) -> Sent:
        """Send a SYN to each port."""
        return _sent(ports, *self._syns.fire(ports))

    def replies(self, seconds: float) -> list[Reply]:
        """Read what has come back."""
        if seconds > 0.0:
            self._ear.wait(seconds)
        found = map(self._reader.reply, self._ear.packets())
        return [reply for reply in found if reply is not None]

    def give_up(self, ports: Sequence[int]) -> None:
        """Nothing to do: waiting costs nothing."""

    def take_back(self, ports: list[int]) -> Sent:
        """Send a reset to each port."""
        return _sent(ports, *self._resets.fire(ports))

    def dropped(self) -> int:
        """What the packet socket had no room for."""
        return self._ear.dropped()

    def close(self) -> None:
        """Close the sockets."""
        self._ear.close()
        self._sock.close()
        self._ports.close()


def _sent(ports: list[int], count: int, error: int) -> Sent:
    return Sent(count, ports[count] if error else 0)


def _scope(peer: Peer) -> int:
    scope = peer.address.partition("%")[2]
    if scope or peer.address.lower().startswith("fe80"):
        return socket.if_nametoindex(scope or peer.interface)
    return 0
