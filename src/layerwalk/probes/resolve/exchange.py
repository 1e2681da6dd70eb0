"""Questions to one nameserver, over UDP and, where an answer does not fit, over TCP.

On the wire: the questions at 0, 0.8 and 1.6 s as long as they are unanswered. Needs no rights. The
UDP socket is connected, so that an ICMP "port unreachable" ends the wait at once (ip(7)), and so
that only that server's datagrams come in.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import dns.message

from layerwalk.probes.context import SLICE_S, ProbeContext
from layerwalk.probes.resolve.messages import LONGEST, Kind, Reply, read

SEND_AT_S = (0.0, 0.8, 1.6)
LISTEN_S = 2.5
TCP_LOOK_S = 0.25
PORT = 53

Questions = Mapping[Kind, dns.message.Message]


Left = Callable[[], float]
"""Tells how many seconds are left to listen."""

_LOOK_S = SLICE_S / 5


@dataclass
class Heard:
    """What one exchange brought: replies by kind, an error that ended it, misfits counted."""

    replies: dict[Kind, Reply] = field(default_factory=dict)
    error: OSError | None = None
    misfits: int = 0

    def settled(self, kind: Kind) -> bool:
        """Whether a reply came that can be read, or that says to ask over TCP."""
        return kind in self.replies and bool(self.replies[kind].rcode)


@dataclass(frozen=True)
class Server:
    """A nameserver's address, with its scope where it has one; ``tcp`` where UDP is not used."""

    text: str
    tcp: bool = False

    @property
    def family(self) -> socket.AddressFamily:
        """The family of sockets to it."""
        return socket.AF_INET6 if ":" in self.text else socket.AF_INET

    @property
    def address(self) -> tuple[Any, ...]:
        """The address as sockets take it. ``OSError`` where its scope is no interface."""
        bare, _, scope = self.text.partition("%")
        if self.family == socket.AF_INET:
            return (bare, PORT)
        return (bare, PORT, 0, _index(scope) if scope else 0)

    def open_socket(self, kind: socket.SocketKind, ctx: ProbeContext) -> socket.socket:
        """Open a socket to it as the walk opens its sockets."""
        return ctx.origin.open_socket(self.family, kind, to=self.text)


def _index(scope: str) -> int:
    try:
        return int(scope) if scope.isdecimal() else socket.if_nametoindex(scope)
    except OSError as error:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV)) from error


def ask(server: Server, questions: Questions, left_s: Left, ctx: ProbeContext) -> Heard:
    """Ask until all is answered, at most until no time is left."""
    heard = Heard()
    if server.tcp:
        _ask_over_tcp(server, questions, heard, left_s, ctx)
        return heard
    try:
        with server.open_socket(socket.SOCK_DGRAM, ctx) as sock:
            sock.connect(server.address)
            ctx.follow(sock)
            _converse(sock, questions, heard, left_s, ctx)
    except OSError as error:
        heard.error = error
    for kind, reply in list(heard.replies.items()):
        if reply.truncated:
            fuller = over_tcp(server, questions[kind], left_s(), ctx)
            heard.replies[kind] = fuller or reply
    return heard


def over_tcp(
    server: Server, query: dns.message.Message, wait_s: float, ctx: ProbeContext
) -> Reply | None:
    """Ask over TCP (RFC 7766); ``None`` where no answer came within the time."""
    try:
        return _streamed(server, query, wait_s, ctx)
    except OSError:
        return None


def _streamed(
    server: Server, query: dns.message.Message, wait_s: float, ctx: ProbeContext
) -> Reply | None:
    with server.open_socket(socket.SOCK_STREAM, ctx) as sock:
        sock.settimeout(max(wait_s, TCP_LOOK_S))
        ctx.follow(sock)
        sock.connect(server.address)
        wire = query.to_wire()
        sock.sendall(len(wire).to_bytes(2) + wire)
        with sock.makefile("rb") as stream:
            return read(query, stream.read(int.from_bytes(stream.read(2))))


def _ask_over_tcp(
    server: Server, questions: Questions, heard: Heard, left_s: Left, ctx: ProbeContext
) -> None:
    """Ask for one kind after the other, until the connection itself fails."""
    for kind, query in questions.items():
        try:
            reply = _streamed(server, query, left_s(), ctx)
        except OSError as error:
            heard.error = error
            return
        if reply is None:
            heard.misfits += 1
        else:
            heard.replies[kind] = reply


def takes_tcp(server: Server, ctx: ProbeContext) -> bool:
    """Tell whether a nameserver's TCP port takes a connection."""
    try:
        with server.open_socket(socket.SOCK_STREAM, ctx) as sock:
            sock.settimeout(TCP_LOOK_S)
            ctx.follow(sock)
            sock.connect(server.address)
    except OSError:
        return False
    return True


def _converse(
    sock: socket.socket, questions: Questions, heard: Heard, left_s: Left, ctx: ProbeContext
) -> None:
    began = ctx.clock()
    for sent_at_s, next_at_s in pairwise((*SEND_AT_S, LISTEN_S)):
        if left_s() <= 0 or sent_at_s >= LISTEN_S:
            return

        def before_next_s(next_at_s: float = next_at_s) -> float:
            return min(began + next_at_s - ctx.clock(), left_s())

        for kind, query in questions.items():
            if not heard.settled(kind):
                sock.send(query.to_wire())
        if _listen(sock, questions, heard, before_next_s, ctx):
            return


def _listen(
    sock: socket.socket, questions: Questions, heard: Heard, left_s: Left, ctx: ProbeContext
) -> bool:
    """Take what comes while time is left; tell whether there is no more to listen for."""
    while (wait_s := left_s()) > 0:
        if ctx.cancel.is_set():
            raise OSError(errno.ECANCELED, os.strerror(errno.ECANCELED))
        sock.settimeout(min(wait_s, _LOOK_S))
        try:
            _take(sock.recv(LONGEST), questions, heard)
        except TimeoutError:
            continue
        if all(heard.settled(kind) for kind in questions):
            return True
    return False


def _take(data: bytes, questions: Questions, heard: Heard) -> None:
    for kind, query in questions.items():
        reply = read(query, data)
        if reply is not None:
            # What can't be read may be a forgery: a better answer still counts.
            if not heard.settled(kind):
                heard.replies[kind] = reply
            return
    heard.misfits += 1
