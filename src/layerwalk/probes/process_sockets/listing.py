"""All sockets of a network namespace, with the processes of those that tell something."""

from __future__ import annotations

from layerwalk.probes.facts.live_sockets import LiveSocket, SocketsSeen
from layerwalk.probes.process_sockets import unseen_words
from layerwalk.probes.sock_diag import dump
from layerwalk.probes.sock_diag.holders import Holders, holders

MOST = 5000
"""Among more sockets than these nobody's processes are looked for: that would take long."""


def of_all() -> SocketsSeen:
    """List the sockets of the calling thread's network namespace, without their options.

    Raises:
        OSError: the kernel does not tell.
    """
    rows = dump()
    if len(rows) > MOST:
        found = Holders()
        gaps = [f"among {len(rows)} sockets it was not looked for whose they are; ask for a :PORT"]
    else:
        found = holders({row.inode for row in rows})
        gaps = [unseen_words(found.unseen)] if found.unseen else []
    sockets = tuple(LiveSocket(socket=row, holders=found.of(row.inode)) for row in rows)
    return SocketsSeen(sockets=sockets, gaps=tuple(gaps))
