"""A connection of our own, whose SYN-ACK the packet sockets see: its numbers are then known."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.port_choice import bind_anywhere, ports_are_scarce
from layerwalk.probes.waiting import patience_s
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.parse import Heard
from layerwalk.probes.wire.wire import Wire

_CONNECT_S = 1.0


@dataclass(frozen=True)
class Seen:
    """The connection: our port and theirs, and the SYN-ACK that came in for it."""

    sock: socket.socket
    ports: tuple[int, int]
    heard: Heard

    @property
    def numbers(self) -> tuple[int, int]:
        """Our next sequence number, and the next that we expect."""
        return self.heard.numbers[1], (self.heard.numbers[0] + 1) & 0xFFFFFFFF


@contextmanager
def seen_connection(peer: Peer, port: int, ctx: ProbeContext, wire: Wire) -> Iterator[Seen | None]:
    """Connect, and close again at the end; ``None`` where it is not answered in time."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        yield _connected(sock, peer, port, ctx, wire)


def _connected(
    sock: socket.socket, peer: Peer, port: int, ctx: ProbeContext, wire: Wire
) -> Seen | None:
    try:
        ctx.origin.steer(sock, peer.dst)
        place = socket.getaddrinfo(peer.source, 0, sock.family, sock.type)[0][4]
        bind_anywhere(sock, place, scarce=ports_are_scarce())
        ports = (int(sock.getsockname()[1]), port)
        wire.watch(ports[0])
        with suppress(BlockingIOError):
            sock.connect(socket.getaddrinfo(peer.address, port, sock.family, sock.type)[0][4])
    except OSError:
        return None
    wait_s = max(_CONNECT_S, patience_s(wire.known.rtt_s(peer)))
    wire.wait(lambda: wire.handshake(peer.dst, ports) is not None, wait_s, ctx.cancel)
    heard = wire.handshake(peer.dst, ports)
    return Seen(sock, ports, heard) if heard else None
