"""A connection to this machine's own port, watched from both of its ends.

On the wire: nothing that leaves this machine, but a handshake over its own stack, and with ``http``
a request of a few lines. The server's end shows in sock_diag(7): it has no inode as long as it
waits in the listener's queue, for no process has it open yet. Where the queue is full at the end
and nobody has dropped anything, one more connection shows whether the next client would be. Needs
no rights.
"""

from __future__ import annotations

import errno
import re
import select
import socket
from contextlib import suppress
from dataclasses import dataclass, field

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Held, IntakeFact, Outcome
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.origin import OriginError
from layerwalk.probes.queue_watch import QueueWatch, half_open, half_open_room
from layerwalk.probes.sock_diag import dump
from layerwalk.probes.sock_diag.request import End, Pick
from layerwalk.probes.toil import Toil
from layerwalk.probes.wire.packets import Peer

SPEAKS_FIRST = frozenset({21, 22, 25, 110, 143, 587, 3306, 5900})
"""The ports whose services speak first: FTP, SSH, mail, MySQL, VNC."""

LISTEN_S = 0.5
LONGEST_S = 10.0
"""How long an answer is waited for at least, where the failing program's patience is not known."""

_ACCEPT_S, _SILENT_S, _NEXT_S = 3.0, 1.25, 0.3
_LOOK_S, _LATER_S, _QUICK_LOOKS = 0.02, 0.1, 15
_ENDS = frozenset({TcpState.ESTABLISHED, TcpState.SYN_RECV, TcpState.CLOSE_WAIT})
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_MOST = 4096


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is asked of the service: with a ``host``, an HTTP request.

    ``timeout_s`` is how long the failing program waits, where that is known; ``pids`` are the
    processes of the service, where they are.
    """

    host: str = ""
    pids: tuple[int, ...] = ()
    timeout_s: float | None = None

    @property
    def request(self) -> bytes:
        """What is sent, if anything."""
        lines = (f"GET / HTTP/1.1\r\nHost: {self.host}\r\nUser-Agent: layerwalk\r\n",)
        rest = "Accept: */*\r\nConnection: close\r\n\r\n"
        return (lines[0] + rest).encode("ascii", "replace") if self.host else b""


def intake(peer: Peer, port: int, call: Call, ctx: ProbeContext) -> IntakeFact:
    """Connect, and see whether the program takes the connection and says something."""
    watch = _Watch(peer, port, ctx, Toil(tuple(pid for pid in call.pids if pid > 1)))
    try:
        sock = watch.opened()
    except OSError as error:
        outcome = error.outcome if isinstance(error, OriginError) else outcome_of(error)
        return IntakeFact(
            outcome=outcome,
            address=peer.address,
            port=port,
            errno=symbol(error),
            detail=error.strerror or str(error),
        )
    with sock:
        watch.go(sock, call)
        return watch.fact(call)


@dataclass
class _Watch:
    """One connection, and what was seen of it so far."""

    peer: Peer
    port: int
    ctx: ProbeContext
    toil: Toil
    seen: dict[str, float] = field(default_factory=dict)
    code: int = 0
    heard: bytes = b""
    reset: bool = False
    held: Held = Held.NOWHERE
    began: float = 0.0
    waited: float = 0.0
    half_open: int = 0

    def __post_init__(self) -> None:
        """Begin with a look at the queue."""
        self.queue = QueueWatch(self.peer.dst, self.port)
        self.queue.look()

    def opened(self) -> socket.socket:
        """Give a socket that is about to connect."""
        family = socket.AF_INET6 if self.peer.version == 6 else socket.AF_INET
        sock = self.ctx.origin.open_socket(family, socket.SOCK_STREAM, to=self.peer.dst)
        sock.setblocking(False)
        if self.queue.device:  # a listener bound to one (a VRF) is met from inside it only
            with suppress(OSError):
                name = self.queue.device.encode() + b"\0"
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, name)
        self.ctx.follow(sock)
        return sock

    def go(self, sock: socket.socket, call: Call) -> None:
        """Connect, ask, and watch until nothing more is to be learned."""
        self.began = self.ctx.clock()
        self.code = self._connect(sock)
        if self.code == errno.EINPROGRESS:
            self.code = self._made(sock)
        if self.code == 0 and not self.ctx.cancel.is_set():
            self.seen["made_s"] = self._now()
            self._hold(sock, call)
        self.waited = self._now()
        if self.held is Held.QUEUE and self.queue.full_now and not self.queue.lost[0]:
            self._next()

    def _connect(self, sock: socket.socket) -> int:
        peer = self.peer
        return sock.connect_ex(socket.getaddrinfo(peer.address, self.port, sock.family)[0][4])

    def _made(self, sock: socket.socket) -> int:
        """Wait until the connection is made; its errno where it is not, EINPROGRESS at the end."""
        poll = select.poll()
        poll.register(sock, select.POLLOUT | select.POLLERR)
        while not self.ctx.cancel.is_set():
            if poll.poll(_LOOK_S * 1000):
                return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            self.queue.look()
            if self._now() > _SILENT_S:
                break
        self.half_open = half_open(self.port)
        return errno.EINPROGRESS

    def _hold(self, sock: socket.socket, call: Call) -> None:
        """Watch both ends until the service has done all that is waited for."""
        with suppress(OSError):
            if call.request:
                sock.send(call.request)
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        looks = 0
        while not self._enough(call) and not self.ctx.cancel.is_set():
            wait = _LOOK_S if looks < _QUICK_LOOKS else _LATER_S
            if poll.poll(0 if looks == 0 else wait * 1000):
                self._hear(sock)
            if "taken_s" not in self.seen:
                self._look_at_end(sock)
            if looks == 0 or looks >= _QUICK_LOOKS:
                self.toil.look()
            looks += 1

    def _enough(self, call: Call) -> bool:
        """Whether the service has closed, or has accepted and said what it is to say."""
        now = self._now()
        timeout_s = call.timeout_s or 0.0
        if "closed_s" in self.seen:
            return True
        taken = "taken_s" in self.seen
        if not taken and self.queue.full_now and self.queue.lost[0]:
            return now > _SILENT_S
        if call.request or self.port in SPEAKS_FIRST:
            return bool(self.heard) or now > max(LONGEST_S, 2 * timeout_s)
        if taken or self.held is Held.HANDSHAKE:
            return now > self.seen["made_s"] + LISTEN_S
        return now > max(LONGEST_S if self.queue.moves else _ACCEPT_S, 2 * timeout_s)

    def _hear(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(_MOST)
        except BlockingIOError:
            return
        except OSError:
            self.reset = True
            data = b""
        if data:
            self.seen.setdefault("answered_s", self._now())
            self.heard = (self.heard + data)[:_MOST]
            self.seen.setdefault("taken_s", self._now())
            return
        self.seen.setdefault("closed_s", self._now())
        if not self.reset:
            self.seen.setdefault("taken_s", self._now())

    def _look_at_end(self, sock: socket.socket) -> None:
        """Where the server's end of the connection is, and how long the queue."""
        self.queue.look()
        with suppress(OSError):
            end = self._server_end(sock.getsockname()[1])
            if end is None:
                return
            if end.inode:
                self.seen["taken_s"] = self._now()
                self.held = Held.NOWHERE
            else:
                waits = end.state is TcpState.SYN_RECV
                self.held = Held.HANDSHAKE if waits else Held.QUEUE

    def _server_end(self, own_port: int) -> Socket | None:
        pick = Pick(source=End(port=self.port), destination=End(port=own_port))
        rows = dump(_ENDS, pick=pick)
        return next((row for row in rows if row.destination_port == own_port), None)

    def _next(self) -> None:
        """Try whether one more connection is still let in."""
        with suppress(OSError):
            family = socket.AF_INET6 if self.peer.version == 6 else socket.AF_INET
            with self.ctx.origin.open_socket(family, socket.SOCK_STREAM, to=self.peer.dst) as sock:
                sock.setblocking(False)
                self._connect(sock)
                select.select([], [sock], [], _NEXT_S)
            self.queue.look()

    def _now(self) -> float:
        return round(self.ctx.clock() - self.began, 4)

    def fact(self, call: Call) -> IntakeFact:
        """Sum up."""
        queue = self.queue
        status = _STATUS.match(self.heard) if call.request else None
        overflows, drops = queue.lost
        return IntakeFact(
            outcome=self._outcome(),
            address=self.peer.address,
            port=self.port,
            reset=self.reset,
            waited_s=self.waited,
            held=self.held,
            asked="http" if call.request else "",
            awaited=self.port in SPEAKS_FIRST,
            said=len(self.heard),
            status=int(status[1]) if status else None,
            queue=queue.longest,
            limit=queue.limit,
            full=queue.full,
            moves=queue.moves,
            looks=queue.looks,
            service_ran_s=round(self.toil.ran_s, 3),
            service_waited_s=round(self.toil.waited_s, 3),
            overflows=overflows,
            drops=drops,
            half_open=self.half_open,
            half_open_room=half_open_room(queue.limit),
            errno="" if self.code in {0, errno.EINPROGRESS} else symbol(self.code),
            made_s=self.seen.get("made_s"),
            taken_s=self.seen.get("taken_s"),
            answered_s=self.seen.get("answered_s"),
            closed_s=self.seen.get("closed_s"),
        )

    def _outcome(self) -> Outcome:
        if self.ctx.cancel.is_set() and "taken_s" not in self.seen:
            return Outcome.CANCELLED
        return Outcome.ANSWERED if self.code == 0 else outcome_of(self.code)
