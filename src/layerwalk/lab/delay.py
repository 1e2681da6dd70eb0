"""A delay line in user space: a cable that delays and loses packets, for kernels without netem.

It carries frames between the interfaces `left` and `right` of its namespace with packet sockets
(packet(7)); PACKET_IGNORE_OUTGOING keeps it from hearing itself. Plan for less than 20,000 packets
a second, and for no more than three lines at once.
"""

import contextlib
import heapq
import random
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from layerwalk.lab import kernel
from layerwalk.lab.spec import Impairment

_ETH_P_ALL = 0x0003
_SOL_PACKET = 263
_PACKET_IGNORE_OUTGOING = 23
_QUEUE_BYTES = 8 << 20
_LONGEST = 65600
_ARP, _IPV6, _ICMPV6 = b"\x08\x06", b"\x86\xdd", b"\x3a"
_DISCOVERY = {bytes([kind]) for kind in range(133, 138)}

Clock = Callable[[], float]


@dataclass
class Direction:
    """The packets on their way in one direction, and the dice that decide on each."""

    impairment: Impairment
    clock: Clock = time.monotonic
    _queue: list[tuple[float, int, bytes]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.impairment.seed)  # noqa: S311  # a seed makes it repeatable

    def take(self, frame: bytes) -> None:
        """Take a frame in, once or twice, or lose it; neighbours find each other in spite of that.

        On a network in use they know each other long since: that a neighbour can't be found would
        be a fault of its own.
        """
        if self._dice.random() < self.impairment.loss and not between_neighbours(frame):
            return
        self._put_in(frame, 0.0)
        if self.impairment.doubled and self._dice.random() < self.impairment.doubled:
            self._put_in(frame, self.impairment.later_s)

    def _put_in(self, frame: bytes, later_s: float) -> None:
        jitter_s = self._dice.uniform(-self.impairment.jitter_s, self.impairment.jitter_s)
        due = self.clock() + max(0.0, self.impairment.delay_s + jitter_s) + later_s
        self._count += 1
        heapq.heappush(self._queue, (due, self._count, frame))

    def due(self) -> list[bytes]:
        """Give the frames whose time has come, in order."""
        found = []
        while self._queue and self._queue[0][0] <= self.clock():
            found.append(heapq.heappop(self._queue)[2])
        return found

    def wait_s(self) -> float | None:
        """Return how long until the next frame is due; None where none waits."""
        return max(0.0, self._queue[0][0] - self.clock()) if self._queue else None


def between_neighbours(frame: bytes) -> bool:
    """Whether an Ethernet frame is ARP, or neighbour discovery (RFC 4861: types 133 to 137)."""
    kind = frame[12:14]
    if kind == _IPV6:
        return frame[20:21] == _ICMPV6 and frame[54:55] in _DISCOVERY
    return kind == _ARP


def carry(out: Impairment, back: Impairment) -> None:
    """Carry frames between `left` and `right` for ever; `out` is from left to right."""
    kernel.sharpen_timers()
    left, right = _tap("left"), _tap("right")
    ways = ((left, Direction(out), right), (right, Direction(back), left))
    while True:
        waits = [wait for _, way, _ in ways if (wait := way.wait_s()) is not None]
        ready, _, _ = select.select([left, right], [], [], min(waits, default=None))
        for source, way, target in ways:
            if source in ready:
                _fill(way, source)
            for frame in way.due():
                with contextlib.suppress(OSError):  # the far interface may be down
                    target.send(frame)


def _fill(way: Direction, source: socket.socket) -> None:
    with contextlib.suppress(OSError):  # emptied, or its interface went down
        while True:
            way.take(source.recv(_LONGEST))


def _tap(interface: str) -> socket.socket:
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    tap.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    for force in (socket.SO_RCVBUF, 33):  # 33: SO_RCVBUFFORCE, where the right for it is there
        with contextlib.suppress(OSError):
            tap.setsockopt(socket.SOL_SOCKET, force, _QUEUE_BYTES)
    tap.bind((interface, _ETH_P_ALL))
    tap.setblocking(False)
    return tap
