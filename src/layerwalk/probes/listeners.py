"""Who listens on a port of this machine, and what else a process listens on.

Nothing goes on the wire. The kernel's own tables are asked (sock_diag(7), udp in proc(5)), for
which nobody needs rights; to see whose sockets they are, and what a named process holds, takes
those of the owner or of root.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import Holder, Listener, ListenersFact, Outcome
from layerwalk.probes.facts.sockets import Socket
from layerwalk.probes.lodging import lodging
from layerwalk.probes.sock_diag.holders import Holder as Owner
from layerwalk.probes.sock_diag.holders import holders, process_name, sockets_of
from layerwalk.probes.sock_diag.listeners import listening

UDP_TABLES = (Path("/proc/thread-self/net/udp"), Path("/proc/thread-self/net/udp6"))
_LOCAL, _INODE, _COLUMNS = 1, 9, 12
_MOST_HOLDERS = 8


def listeners(port: int, ctx: ProbeContext) -> ListenersFact:
    """List the listeners of a port, and those of the process that the walk is told of."""
    quarters = ctx.origin.quarters
    pid = quarters.pid if quarters else None
    blank = ListenersFact(outcome=Outcome.ANSWERED, port=port, pid=pid)
    try:
        every = listening(None if quarters else port)
    except OSError as error:
        return replace(blank, outcome=outcome_of(error, opening=True), detail=_why(error))
    here = [row for row in every if row.source_port == port]
    datagrams = [] if here else list(_datagrams(port))
    own = _held_by(pid)
    others = [row for row in every if row.inode in own and row.source_port != port]
    owners = holders({*(row.inode for row in here), *datagrams}) if here or datagrams else None
    return replace(
        blank,
        listeners=_written(here, owners.by_inode if owners else {}),
        datagrams=_named(datagrams, owners.by_inode if owners else {}),
        process=process_name(pid) if pid is not None else "",
        others=_written(others, {}),
        unseen=bool(owners and owners.unseen),
    )


def _held_by(pid: int | None) -> frozenset[int]:
    with suppress(OSError):
        return frozenset(sockets_of(pid).values()) if pid is not None else frozenset()
    return frozenset()


def _written(
    rows: Iterable[Socket], owners: Mapping[int, tuple[Owner, ...]]
) -> tuple[Listener, ...]:
    """The kernel lists them in no order that lasts."""
    return tuple(
        Listener(
            address=row.source,
            port=row.source_port,
            versions=row.versions,
            queue=row.receive_queue,
            limit=row.send_queue,
            interface=_interface(row.interface),
            holders=tuple(_holder(owner) for owner in owners.get(row.inode, ())[:_MOST_HOLDERS]),
        )
        for row in sorted(rows, key=lambda row: (row.source_port, row.source))
    )


def _holder(owner: Owner) -> Holder:
    place = lodging(owner.pid)
    return Holder(pid=owner.pid, name=owner.name, unit=place.unit, container=place.container)


def _interface(number: int | None) -> str:
    """The name of a device, or its number where it is gone."""
    with suppress(OSError):
        return socket.if_indextoname(number) if number else ""
    return str(number)


def _datagrams(port: int) -> Iterator[int]:
    """The inodes of the UDP sockets that are bound to a port."""
    for table in UDP_TABLES:
        with suppress(OSError):
            for line in table.read_text(encoding="ascii").splitlines()[1:]:
                columns = line.split()
                if len(columns) > _COLUMNS and columns[_LOCAL].endswith(f":{port:04X}"):
                    yield int(columns[_INODE])


def _named(inodes: list[int], owners: Mapping[int, tuple[Owner, ...]]) -> tuple[str, ...]:
    names = [_holder(who).words for inode in inodes for who in owners.get(inode, ())[:1]]
    return tuple(dict.fromkeys(names)) or (("a process",) if inodes else ())


def _why(error: OSError) -> str:
    return f"the kernel does not tell who listens: {error.strerror or error}"
