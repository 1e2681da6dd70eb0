"""TCP and UDP services that behave as their spec says, well or badly."""

import contextlib
import socket
import struct
import threading

from layerwalk.lab.loop import Loop
from layerwalk.lab.spec import Family, Manner, Service, family_of

BOTH: tuple[Family, ...] = (4, 6)
CHUNK = 65536
HELD_S = 3.0  # how long a slow service keeps a connection
PATIENCE_S = 5.0  # for a peer that does not read what it is sent


def listening(
    kind: socket.SocketKind, address: str, port: int, backlog: int = 128, *, dual: bool = False
) -> socket.socket:
    """Return a socket bound to this address alone; a stream listens already.

    A `dual` one takes IPv4, too.
    """
    v6 = family_of(address) == 6
    handle = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, kind)
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if v6:
        handle.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, not dual)
    handle.bind((address, port))
    handle.setblocking(False)
    if kind is socket.SOCK_STREAM:
        handle.listen(backlog)
    return handle


def open_service(service: Service, loop: Loop) -> None:
    """Bind a service's sockets and hand them to the loop."""
    for address in [service.address] if service.address else ["0.0.0.0", "::"]:
        if service.udp:
            _open_udp(service, address, loop)
        else:
            _open_tcp(service, address, loop)


def _open_udp(service: Service, address: str, loop: Loop) -> None:
    handle = listening(socket.SOCK_DGRAM, address, service.port)

    def answer() -> None:
        data, peer = handle.recvfrom(CHUNK)
        if service.manner in {Manner.ECHO, Manner.BANNER}:
            handle.sendto(service.text or data, peer)

    loop.watch(handle, answer)


def _open_tcp(service: Service, address: str, loop: Loop) -> None:
    handle = listening(
        socket.SOCK_STREAM, address, service.port, service.backlog, dual=service.dual
    )
    if service.defer_s:
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, service.defer_s)
    if service.manner in {Manner.SINK, Manner.SLOW}:
        loop.keep(handle)
        if service.manner is Manner.SLOW:
            loop.later(service.every_s, lambda: _accept_one(handle, service, loop))
        return
    loop.watch(handle, lambda: _accept(handle, service, loop))


def _accept_one(handle: socket.socket, service: Service, loop: Loop) -> None:
    loop.later(service.every_s, lambda: _accept_one(handle, service, loop))
    taken, _ = handle.accept()
    loop.later(HELD_S, taken.close)


def _accept(handle: socket.socket, service: Service, loop: Loop) -> None:
    taken, _ = handle.accept()
    taken.settimeout(PATIENCE_S)
    if service.manner is Manner.RESET:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if service.manner in {Manner.RESET, Manner.CLOSE}:
        taken.close()
        return
    loop.watch(taken, lambda: _hear(taken, service, loop))
    _speak(taken, service)


def _speak(taken: socket.socket, service: Service) -> None:
    if service.manner is Manner.BANNER:
        taken.sendall(service.text)
    elif service.manner is Manner.BULK:  # may take as long as the peer likes
        taken.settimeout(None)
        threading.Thread(target=_pour, args=(taken, service.text), daemon=True).start()


def _pour(taken: socket.socket, text: bytes) -> None:
    with contextlib.suppress(OSError):
        taken.sendall(text)


def _hear(taken: socket.socket, service: Service, loop: Loop) -> None:
    try:
        data = taken.recv(CHUNK)
        if data and service.manner is Manner.ECHO:
            taken.sendall(data)
    except OSError:
        data = b""
    if not data:
        loop.forget(taken)
