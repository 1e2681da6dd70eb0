"""The queue of the listener that takes connections to an address, looked at again and again.

Of several that share the port (SO_REUSEPORT, socket(7)) a connection gets to any: the fullest of
them counts. The kernel is asked, by sock_diag(7) and its counters; needs no rights.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from layerwalk.probes.facts import IPV6
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.network_counters import listen_losses
from layerwalk.probes.sock_diag import dump
from layerwalk.probes.sock_diag.listeners import listening
from layerwalk.probes.sock_diag.request import End, Pick

_SETTINGS = Path("/proc/sys/net/ipv4")


@dataclass
class QueueWatch:
    """What was seen of it so far, beginning with its making.

    ``longest`` is the most that waited, ``limit`` how many may; ``full`` counts the looks that
    found it full, ``moves`` those that found it shorter than the one before; ``full_now`` is the
    last look's. ``device`` is the interface that the listener is bound to, empty for none.
    """

    address: str
    port: int
    longest: int = 0
    limit: int | None = None
    full: int = 0
    moves: int = 0
    looks: int = 0
    full_now: bool = False
    device: str = ""
    _last: dict[int, int] = field(default_factory=dict)
    _before: tuple[int, int] = field(default_factory=listen_losses)

    def look(self) -> None:
        """Look once more; a kernel that does not tell is no look."""
        with suppress(OSError):
            rows = closest(listening(self.port), self.address)
            if rows:
                self._take(rows)

    def _take(self, rows: tuple[Socket, ...]) -> None:
        self.looks += 1
        fullest = max(rows, key=lambda row: row.receive_queue - (row.send_queue or 0))
        self.full_now = fullest.overflows
        self.full += self.full_now
        self.longest = max(self.longest, fullest.receive_queue)
        self.limit = fullest.send_queue
        now = {row.inode: row.receive_queue for row in rows}
        self.moves += any(now.get(inode, 0) < queue for inode, queue in self._last.items())
        self._last = now
        number = fullest.interface
        self.device = socket.if_indextoname(number) if number else ""

    @property
    def lost(self) -> tuple[int, int]:
        """What ListenOverflows and ListenDrops rose by, of all listeners of this namespace."""
        overflows, drops = listen_losses()
        return overflows - self._before[0], drops - self._before[1]


def half_open(port: int) -> int:
    """Count the connections to a port that have sent a SYN and no ACK yet."""
    try:
        return len(dump(frozenset({TcpState.SYN_RECV}), pick=Pick(source=End(port=port))))
    except OSError:
        return 0


def half_open_room(limit: int | None) -> int | None:
    """How many half-open connections a listener keeps before it drops SYNs; ``None``: no end.

    With tcp_syncookies it drops none for that. Without, three quarters of tcp_max_syn_backlog are
    for anybody, and it never keeps more than its queue may hold (tcp_conn_request in the kernel).
    """
    try:
        cookies = int((_SETTINGS / "tcp_syncookies").read_text(encoding="ascii"))
        most = int((_SETTINGS / "tcp_max_syn_backlog").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    if cookies:
        return None
    ours = most - most // 4
    return ours if limit is None else min(ours, limit)


def closest(rows: tuple[Socket, ...], address: str) -> tuple[Socket, ...]:
    """The listeners that the kernel gives a connection to this address: those bound closest."""
    fitting = [(row.everywhere, row.family == IPV6, row) for row in rows]
    taking = [it for it in fitting if it[2].takes(address)]
    best = min((it[:2] for it in taking), default=None)
    return tuple(it[2] for it in taking if it[:2] == best)
