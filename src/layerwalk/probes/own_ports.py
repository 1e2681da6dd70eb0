"""The source ports that a program keeps itself to, and how many of them are taken.

A program may narrow the range for one of its sockets (IP_LOCAL_PORT_RANGE, ip(7), Linux 6.3), as
those do that share one address among several; connect() then finds none where the system has
plenty. Nothing goes on the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from layerwalk.probes.facts import OwnPorts, SourcePortsFact
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.outcome import Outcome
from layerwalk.probes.port_range import PortRange, port_range
from layerwalk.probes.process_sockets.namespace import within_network
from layerwalk.probes.source_ports import Sights, counted


def own_ports(pid: int, mine: Sequence[LiveSocket]) -> OwnPorts | None:
    """Count them, for the sockets of a process to one target; ``None`` where none is narrowed.

    Raises:
        OSError: the process has gone, or its network tells nothing of its ports.
    """
    for one in mine:
        span = one.options.port_range if one.options else None
        if span and any(span):
            return within_network(pid, partial(_counted, one, span))
    return None


def _counted(one: LiveSocket, span: tuple[int, int]) -> OwnPorts:
    row, sights = one.socket, Sights()
    own = narrowed(port_range(sights.settings), span)
    fact = SourcePortsFact(
        outcome=Outcome.ANSWERED,
        address=row.destination,
        port=row.destination_port,
        source=row.source,
        usable=own.count,
    )
    found = counted(fact, own, sights)
    return OwnPorts(
        low=own.low, high=own.high, usable=own.count, taken=found.taken, holders=found.holders
    )


def narrowed(system: PortRange, span: tuple[int, int]) -> PortRange:
    """Apply a socket's range as the kernel does: a bound beyond the system's does not count.

    Linux, net/ipv4/inet_connection_sock.c, inet_sk_get_local_port_range().
    """
    low, high = (it if system.low <= it <= system.high else 0 for it in span)
    return replace(system, low=low or system.low, high=high or system.high)
