"""Receiving: packet sockets that see every answer, whatever the local firewall does with it."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress

from layerwalk.probes.wire.arrival import Arrival, Take
from layerwalk.probes.wire.filter import attach
from layerwalk.probes.wire.parse import read
from layerwalk.probes.wire.stamps import SO_TIMESTAMPNS, stamp_of

_ETH_P = {4: 0x0800, 6: 0x86DD}
_SO_RCVBUFFORCE = 33
_BUFFER = 4 << 20
_OUTGOING, _OTHER_HOST = 4, 3
_LOOK_S = 0.2


def _opened(version: int) -> socket.socket:
    """Open a packet socket of one family on all interfaces.

    Raises:
        PermissionError: no CAP_NET_RAW.
    """
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P[version]))
    attach(sock, version, ())
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    return sock


class Capture:
    """A thread that reads both families and hands on what may be an answer."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._ports: set[int] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._sockets = {version: _opened(version) for version in (4, 6)}
        self._thread = threading.Thread(target=self._listen, name="capture", daemon=True)
        self._thread.start()

    def watch(self, port: int) -> None:
        """See TCP and UDP packets to this local port from now on."""
        with self._lock:
            self._ports.add(port)
            for version, sock in self._sockets.items():
                attach(sock, version, self._ports)

    def close(self) -> None:
        """Stop listening and close the sockets."""
        self._stop.set()
        self._thread.join(2 * _LOOK_S)
        for sock in self._sockets.values():
            sock.close()

    def _listen(self) -> None:
        sockets = list(self._sockets.values())
        while not self._stop.is_set():
            ready, _, _ = select.select(sockets, [], [], _LOOK_S)
            for sock in ready:
                self._receive(sock)

    def _receive(self, sock: socket.socket) -> None:
        try:
            data, ancillary, _, address = sock.recvmsg(65535, 128, socket.MSG_DONTWAIT)
        except OSError:
            return
        if address[2] in {_OUTGOING, _OTHER_HOST}:
            return
        heard = read(data)
        if heard is not None:
            self._take(Arrival(heard, address[0], stamp_of(ancillary), data))
