"""A pair of packet sockets, one a family, and the thread that reads them."""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from layerwalk.probes.wire.drops import dropped_by_tap
from layerwalk.probes.wire.filter import Instruction, attach
from layerwalk.probes.wire.stamps import SO_TIMESTAMPNS, stamp_of

_SO_RCVBUFFORCE = 33
_BUFFER = 4 << 20
_PATIENCE_S = 0.4
_AT_ONCE = 64
_OUTGOING, _OTHER_HOST = 4, 3

Program = Callable[[int, Collection[int]], list[Instruction]]
"""Makes the filter for a family and the ports that are watched."""

Protocols = Mapping[int, int]
"""By family, what its socket takes in (ETH_P_... in packet(7))."""


@dataclass(frozen=True)
class Seen:
    """A packet from its IP header on: on which interface, when (wall clock), and which way."""

    data: bytes
    interface: str
    stamp: float
    leaves: bool


class Tap:
    """Hands on each packet that the filter lets through, from a thread of its own."""

    def __init__(
        self,
        name: str,
        protocols: Mapping[int, int],
        program: Program,
        take: Callable[[Seen], None],
    ) -> None:
        """Open a packet socket for each family's protocol, on all interfaces.

        Raises:
            PermissionError: no CAP_NET_RAW.
        """
        self._program = program
        self._take = take
        self._ports: set[int] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._sockets = {it: self._opened(it, protocol) for it, protocol in protocols.items()}
        self._dropped = 0
        self._bell = os.eventfd(0)
        self._thread = threading.Thread(target=self._listen, name=name, daemon=True)
        self._thread.start()

    def watch(self, port: int) -> None:
        """See TCP and UDP packets of this local port from now on; nothing once it is closed."""
        with self._lock:
            self._ports.add(port)
            for version, sock in self._sockets.items():
                if not self._stop.is_set():
                    attach(sock, self._program(version, self._ports))

    def dropped(self) -> int:
        """How many packets found no room so far, and were dropped by the kernel."""
        with self._lock:
            self._count_drops()
            return self._dropped

    def close(self) -> None:
        """Hand on what has come by now, and close the sockets."""
        with self._lock:
            if self._stop.is_set():
                return
            self._stop.set()
        os.eventfd_write(self._bell, 1)
        self._thread.join(_PATIENCE_S)
        self.dropped()
        for sock in self._sockets.values():
            sock.close()
        os.close(self._bell)

    def _count_drops(self) -> None:
        self._dropped += sum(dropped_by_tap(sock) for sock in self._sockets.values())

    def _opened(self, version: int, protocol: int) -> socket.socket:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(protocol))
        attach(sock, self._program(version, ()))
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        return sock

    def _listen(self) -> None:
        sockets = {sock.fileno(): sock for sock in self._sockets.values()}
        while not self._stop.is_set():
            ready, _, _ = select.select([*sockets, self._bell], [], [])
            for number in sockets.keys() & set(ready):
                self._receive_some(sockets[number])
        for sock in sockets.values():
            while self._receive(sock):
                pass

    def _receive_some(self, sock: socket.socket) -> None:
        """Take what is there, but not for so long that the other family has to wait."""
        for _ in range(_AT_ONCE):
            if not self._receive(sock):
                return

    def _receive(self, sock: socket.socket) -> bool:
        """Take one packet; tells whether there was one."""
        try:
            data, ancillary, _, address = sock.recvmsg(65535, 128, socket.MSG_DONTWAIT)
        except OSError:
            return False
        if address[2] != _OTHER_HOST:
            self._take(Seen(data, address[0], stamp_of(ancillary), address[2] == _OUTGOING))
        return True
