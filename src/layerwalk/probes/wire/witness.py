"""What this machine's kernel sends for a walk, and hears on connections of its own.

It is read beside the wire, only where packets are kept, and never matched with a probe.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

from layerwalk.probes.port_choice import leave_port_to_connect
from layerwalk.probes.wire.filter import both_ways
from layerwalk.probes.wire.packets import Packet
from layerwalk.probes.wire.segment import Segment, segment_of
from layerwalk.probes.wire.tap import Seen, Tap

_ETH_P_ALL = 3
_NAMES = {socket.SOCK_STREAM: "tcp", socket.SOCK_DGRAM: "udp"}


class Witness:
    """Hands on each packet once, on whichever of several stacked interfaces it is seen first.

    Where the sender works out no checksum because the card will, it is put in here.
    """

    def __init__(self, take: Callable[[Seen, Segment], None]) -> None:
        """Open the sockets.

        Raises:
            OSError: no right to, or no room for them.
        """
        self._hand_on = take
        self._ours: set[tuple[bytes, bytes]] = set()
        self._followed: set[tuple[str, int]] = set()
        self._first: dict[bytes, str] = {}
        self._tap = Tap("witness", {4: _ETH_P_ALL, 6: _ETH_P_ALL}, both_ways, self._take)

    def watch(self, port: int) -> None:
        """See what leaves from this port besides our own packets."""
        self._tap.watch(port)

    def follow(self, kind: int, port: int) -> None:
        """See what leaves from this port, and what comes in for it, on this type of socket."""
        self._followed.add((_NAMES[socket.SocketKind(kind)], port))
        self._tap.watch(port)

    def expect(self, packet: Packet) -> None:
        """Don't take this packet, which is about to leave, for one of the kernel's."""
        segment = segment_of(packet.data)
        if segment:
            self._ours.add(segment.mark)

    def close(self) -> None:
        """Hand on what was seen by now, and close the sockets."""
        self._tap.close()

    def _take(self, seen: Seen) -> None:
        segment = segment_of(seen.data)
        if segment is None or not self._wanted(segment, leaves=seen.leaves):
            return
        if seen.leaves:
            segment = segment.completed()
        if self._first.setdefault(segment.data, seen.interface) == seen.interface:
            self._hand_on(seen, segment)

    def _wanted(self, segment: Segment, *, leaves: bool) -> bool:
        if leaves:
            return segment.mark not in self._ours
        return (segment.protocol, segment.ports[1]) in self._followed


def port_of(sock: socket.socket) -> int:
    """The port of a socket, which gets one where it has none; 0 where none is free.

    It is for connect() to say why, then.
    """
    with suppress(OSError):
        place = sock.getsockname()
        if not place[1]:
            leave_port_to_connect(sock, leave=False)
            sock.bind((place[0], 0, *place[2:]))
        return int(sock.getsockname()[1])
    return 0
