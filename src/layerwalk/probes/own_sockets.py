"""What programs on this machine have open towards the target, and how their sockets fare.

Nothing goes on the wire, and no socket's owner notices anything: sock_diag(7), proc(5), and options
by pidfd_getfd(2). Of a process that is named all its sockets are looked at, which takes its user's
rights or CAP_SYS_PTRACE; of all others those that wait for an answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import Outcome, OwnSocket, OwnSocketsFact
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.sockets import TcpState
from layerwalk.probes.facts.target import endpoint
from layerwalk.probes.own_ports import own_ports
from layerwalk.probes.process_sockets import of_process, of_rows
from layerwalk.probes.process_sockets.asking import BARRED
from layerwalk.probes.sock_diag import End, Pick, dump
from layerwalk.probes.sock_diag.holders import sockets_of

MOST = 8
"""So many are told of one by one."""

_ASKING = frozenset({TcpState.SYN_SENT})


def own_sockets(address: str, port: int, pid: int | None, ctx: ProbeContext) -> OwnSocketsFact:
    """Look for sockets towards an address and port, of a process or of anyone."""
    bare = address.partition("%")[0]
    try:
        if pid is not None:
            return _of_process(address, End(address=bare, port=port), pid, ctx.origin.mark)
        return _of_others(address, End(address=bare, port=port))
    except ProcessLookupError:
        why = f"process {pid} is gone"
        return OwnSocketsFact(
            outcome=Outcome.FAILED, address=address, port=port, pid=pid, detail=why
        )
    except OSError as error:
        why = f"the kernel does not list its sockets: {error.strerror}"
        outcome = outcome_of(error, opening=True)
        return OwnSocketsFact(outcome=outcome, address=address, port=port, pid=pid, detail=why)


def _of_process(address: str, target: End, pid: int, mark: int) -> OwnSocketsFact:
    seen = of_process(pid)
    hidden = [gap for gap in seen.gaps if "may not" in gap]
    if hidden and not any(one.holders for one in seen.sockets):
        return OwnSocketsFact(
            outcome=Outcome.NOT_PERMITTED,
            address=address,
            port=target.port or 0,
            pid=pid,
            detail=f"which sockets process {pid} has takes its user's rights, or CAP_SYS_PTRACE",
        )
    mine = [one for one in seen.sockets if _goes_to(one, target)]
    others = [one for one in seen.sockets if one not in mine and one.socket.state in _ASKING]
    places = dict.fromkeys(
        endpoint(one.socket.destination, one.socket.destination_port) for one in others
    )
    return OwnSocketsFact(
        outcome=Outcome.ANSWERED,
        address=address,
        port=target.port or 0,
        pid=pid,
        sockets=_told(mine),
        count=len(mine),
        elsewhere=tuple(places)[:MOST],
        unseen="; ".join(dict.fromkeys(one.why for one in mine if one.why)),
        barred=any(one.why == BARRED for one in mine),
        ports=own_ports(pid, mine),
        walk_mark=mark,
    )


def _of_others(address: str, target: End) -> OwnSocketsFact:
    """Those of any process but this one, whose own are the walk's."""
    ours = set(sockets_of(os.getpid()).values())
    rows = dump(_ASKING, pick=Pick(destination=target), info=True)
    seen = of_rows([row for row in rows if row.inode and row.inode not in ours])
    return OwnSocketsFact(
        outcome=Outcome.ANSWERED,
        address=address,
        port=target.port or 0,
        sockets=_told(seen.sockets),
        count=len(seen.sockets),
    )


def _goes_to(one: LiveSocket, target: End) -> bool:
    row = one.socket
    return not row.listens and target.means(row.destination, row.destination_port)


def _told(sockets: Sequence[LiveSocket]) -> tuple[OwnSocket, ...]:
    """The first of them, those that wait for an answer before all others."""
    first: Iterable[LiveSocket] = sorted(
        sockets, key=lambda one: (one.socket.state not in _ASKING, -one.socket.retransmits)
    )
    return tuple(map(_own, list(first)[:MOST]))


def _own(one: LiveSocket) -> OwnSocket:
    row, options, holder = one.socket, one.options, next(iter(one.holders), None)
    return OwnSocket(
        state=row.state.name,
        source=row.source,
        source_port=row.source_port,
        retransmits=row.retransmits,
        next_s=round(row.expires_s, 3),
        process=holder.name if holder else "",
        pid=holder.pid if holder else 0,
        blocks=options.blocks if options else None,
        syn_count=options.syn_count if options else None,
        user_timeout_s=options.user_timeout_s if options else None,
        send_limit_s=options.send_limit_s if options else None,
        receive_limit_s=options.receive_limit_s if options else None,
        keepalive=options.keepalive if options else None,
        keepalive_idle_s=options.keepalive_idle_s if options else None,
        keepalive_interval_s=options.keepalive_interval_s if options else None,
        keepalive_probes=options.keepalive_probes if options else None,
        mark=options.mark if options else None,
    )
