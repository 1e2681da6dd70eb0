"""TCP sockets with the processes that hold them and the options that decide how long they wait.

Nothing goes on the wire. The kernel's list is read in the network namespace in question, and each
socket's options from the socket itself, borrowed for a moment; what rights or the kernel don't
allow is said in words, and what is left is given.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from layerwalk.probes.facts.live_sockets import Holder, LiveSocket, SocketsSeen
from layerwalk.probes.facts.sockets import Socket
from layerwalk.probes.process_sockets.asking import TO_ALL, asked
from layerwalk.probes.process_sockets.namespace import rows_of
from layerwalk.probes.sock_diag import EVERY, Pick, dump
from layerwalk.probes.sock_diag.holders import holders, process_name, sockets_of

MOST = 1000
"""Of so many sockets the options are read, those that wait for something first."""


def of_process(pid: int, pick: Pick = EVERY) -> SocketsSeen:
    """List the TCP sockets that a process has open, in whatever network namespace it is.

    Where its open files may not be seen, the sockets of its user in its network are listed instead.

    Raises:
        ProcessLookupError: there is no such process.
        OSError: its network's sockets can't be listed in any way.
    """
    home = Path(f"/proc/{pid}")
    try:
        held = sockets_of(pid)
    except PermissionError:
        rows, gaps = rows_of(pid, pick, info=True)
        user = _user(home)
        gaps.append(
            f"this user may not see what process {pid} has open (it takes its user's rights, or"
            " CAP_SYS_PTRACE): shown are all sockets of its user in its network, without options;"
            f" to see its own: sudo layerwalk sockets {pid}"
        )
        return SocketsSeen(
            sockets=tuple(LiveSocket(socket=row) for row in rows if row.inode and row.uid == user),
            gaps=tuple(gaps),
        )
    rows, gaps = rows_of(pid, pick, info=False)
    name, open_by = process_name(pid), _by_inode(held)
    mine = [
        LiveSocket(
            socket=row,
            holders=tuple(Holder(pid=pid, name=name, descriptor=it) for it in open_by[row.inode]),
        )
        for row in rows
        if row.inode in open_by
    ]
    gaps += _beside(len(open_by) - len({one.socket.inode for one in mine})) if pick == EVERY else ()
    seen = _complete(mine, gaps)
    if any(one.why for one in seen.sockets):
        return _with_info(seen, rows_of(pid, pick, info=True)[0])
    return seen


def _with_info(seen: SocketsSeen, rows: Sequence[Socket]) -> SocketsSeen:
    """Take TCP_INFO from the kernel's list for sockets that could not be asked themselves."""
    told = {row.inode: row for row in rows}
    sockets = (
        one if one.options else replace(one, socket=told.get(one.socket.inode, one.socket))
        for one in seen.sockets
    )
    return replace(seen, sockets=tuple(sockets))


def of_network(pick: Pick) -> SocketsSeen:
    """List the sockets that are meant, of the calling thread's network namespace.

    Raises:
        OSError: the kernel does not tell.
    """
    return of_rows(dump(pick=pick, info=True))


def of_rows(rows: Sequence[Socket]) -> SocketsSeen:
    """Look up the processes and the options of sockets of this network namespace."""
    if not rows:
        return SocketsSeen()
    found = holders({row.inode for row in rows})
    gaps = [unseen_words(found.unseen)] if found.unseen else []
    return _complete([LiveSocket(socket=row, holders=found.of(row.inode)) for row in rows], gaps)


def _complete(found: Sequence[LiveSocket], gaps: Sequence[str]) -> SocketsSeen:
    """Read the options, of as many as may be."""
    first = sorted(found, key=lambda one: not _waits(one.socket))
    seen = [*map(asked, first[:MOST]), *first[MOST:]]
    return SocketsSeen(sockets=tuple(seen), gaps=(*gaps, *_why(seen, len(found))))


def _why(seen: Sequence[LiveSocket], count: int) -> Iterator[str]:
    """Why options are missing: each reason once."""
    yield from dict.fromkeys(one.why for one in seen if one.why in TO_ALL)
    if count > MOST:
        yield f"of {count} sockets the options of the first {MOST} were read; ask for one by :PORT"


def _waits(row: Socket) -> bool:
    return bool(row.retransmits or (row.inode and row.expires_s))


def _beside(count: int) -> Iterator[str]:
    """Say that a process has sockets that are not in the list."""
    if count:
        sockets = "1 more socket" if count == 1 else f"{count} more sockets"
        yield f"it has {sockets}: UDP, UNIX or other ones, or TCP's that are in no use or elsewhere"


def unseen_words(count: int) -> str:
    """Say what it means that processes may not be looked at."""
    processes = "1 process" if count == 1 else f"{count} processes"
    return (
        f"{processes} may not be looked at by this user (it takes CAP_SYS_PTRACE): a socket that"
        " has no process here may be one of theirs; to see whose: sudo layerwalk sockets"
    )


def _by_inode(held: dict[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for descriptor, inode in sorted(held.items()):
        found.setdefault(inode, []).append(descriptor)
    return found


def _user(home: Path) -> int:
    """The effective user of a process, by which its sockets go (proc(5), status)."""
    try:
        for line in (home / "status").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("Uid:"):
                return int(line.split()[2])
    except (OSError, ValueError, IndexError):
        return os.geteuid()
    return os.geteuid()
