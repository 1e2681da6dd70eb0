"""Whether this machine has a free source port towards one address and port.

A look at two counters tells whether there may be too few. Only then, or where connect() said that
there is none, the sockets that take some are counted (sock_diag(7)). On the wire: nothing, unless
connect() found no port: then one SYN from a port outside the range, reset at once.

Sources: the kernel's ip-sysctl (ip_local_port_range, ip_local_reserved_ports, tcp_tw_reuse), and
net/ipv4/inet_hashtables.c and tcp_ipv4.c (tcp_twsk_unique) for what connect() passes over.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Outcome, SourcePortsFact
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.port_choice import connect_from_outside, leave_port_to_connect
from layerwalk.probes.port_range import SETTINGS, PortRange, port_range, tcp_sockets
from layerwalk.probes.reused_ports import Reuse, reuse
from layerwalk.probes.sock_diag import End, Pick, dump
from layerwalk.probes.wire.packets import Peer

_MANY = 0.5
"""Below this part of the range, all sockets of this machine together can't have exhausted it."""

_UNDER_WAY = {0, errno.EINPROGRESS}
_GONE = struct.pack("ii", 1, 0)

_KEPT_FROM_ALL = {TcpState.LISTEN, TcpState.CLOSE, TcpState.BOUND_INACTIVE}
"""The kernel lists bound sockets that do nothing where BOUND_INACTIVE is asked for, as CLOSE."""

Table = Callable[[str, int], Iterable[Socket]]


def _table(address: str, port: int) -> Iterable[Socket]:
    """The sockets that go there, and those that keep their port from everybody."""
    yield from dump(pick=Pick(destination=End(address=address, port=port)))
    yield from dump({TcpState.LISTEN, TcpState.BOUND_INACTIVE})


@dataclass(frozen=True)
class Sights:
    """Where the probe looks: the settings, how many sockets there are, and which."""

    settings: Path = SETTINGS
    count: Callable[[], int] = tcp_sockets
    table: Table = _table


def source_ports(
    peer: Peer, port: int, ctx: ProbeContext, *, refused: bool, sights: Sights = Sights()
) -> SourcePortsFact:
    """Count; ``refused`` says that connect() has just found no port (EADDRNOTAVAIL)."""
    blank = SourcePortsFact(
        outcome=Outcome.ANSWERED, address=peer.address, port=port, source=peer.source
    )
    try:
        own, count = port_range(sights.settings), sights.count()
        fact = replace(blank, low=own.low, high=own.high, usable=own.count, sockets=count)
        if refused or count >= _MANY * own.count:
            fact = counted(fact, own, sights)
    except OSError as error:
        detail = f"{error.filename or 'sockets'}: {error.strerror}"
        return replace(blank, outcome=outcome_of(error, opening=True), detail=detail)
    except (ValueError, KeyError) as error:
        return replace(blank, outcome=Outcome.FAILED, detail=str(error))
    if fact.counted:
        fact = replace(fact, binds=_bound(peer, ctx))
    return _tried(fact, peer, ctx) if refused else fact


def counted(fact: SourcePortsFact, own: PortRange, sights: Sights) -> SourcePortsFact:
    """Sort the sockets that keep a port of the range from connections to the target.

    Raises:
        OSError: the sockets or the settings can't be read.
        ValueError: the settings are not as the kernel writes them.
    """
    rules = reuse(sights.settings)
    tally = _Tally(replace(fact, tw_reuse=rules.setting), own, rules)
    for one in sights.table(_bare(fact.address), fact.port):
        tally.take(one)
    return tally.fact()


class _Tally:
    """The ports that are taken, each once, by what takes it."""

    def __init__(self, fact: SourcePortsFact, own: PortRange, reuse: Reuse) -> None:
        self._fact, self._own, self._reuse = fact, own, reuse
        self._source, self._target = _bare(fact.source), _bare(fact.address)
        self._held: dict[int, Socket] = {}
        self._bound: set[int] = set()
        self._waiting: dict[int, Socket] = {}
        self._reusable: set[int] = set()

    def take(self, one: Socket) -> None:
        """Look at a socket."""
        port = one.source_port
        if port not in self._own:
            return
        if one.state in _KEPT_FROM_ALL and not one.destination_port:
            self._bound.add(port)
        elif self._goes_there(one):
            if one.state is not TcpState.TIME_WAIT:
                self._held[port] = one
            elif self._reuse.allows(one):
                self._reusable.add(port)
            else:
                self._waiting[port] = one

    def _goes_there(self, one: Socket) -> bool:
        there = (one.destination, one.destination_port) == (self._target, self._fact.port)
        return there and self._source in {"", one.source}

    def fact(self) -> SourcePortsFact:
        """What it amounts to."""
        states = [one.state for one in self._held.values()]
        taken = {*self._held, *self._waiting, *self._bound}
        return replace(
            self._fact,
            counted=True,
            taken=len(taken),
            connections=len(self._held),
            unclosed=states.count(TcpState.CLOSE_WAIT),
            time_wait=len(self._waiting),
            reusable=len(self._reusable - taken),
            bound=len(self._bound - {*self._held, *self._waiting}),
            next_free_s=min((one.expires_s for one in self._waiting.values()), default=None),
        )


def _bound(peer: Peer, ctx: ProbeContext) -> str:
    """Bind the source address as programs do that take a port with it; gives the errno."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    try:
        with closing(ctx.origin.open_socket(family, socket.SOCK_STREAM, to=peer.dst)) as sock:
            leave_port_to_connect(sock, leave=False)
            sock.bind(socket.getaddrinfo(peer.source, 0, family, sock.type)[0][4])
    except OSError as error:
        return symbol(error)
    return ""


def _tried(fact: SourcePortsFact, peer: Peer, ctx: ProbeContext) -> SourcePortsFact:
    """Ask the kernel once more for a port, and connect from one outside the range."""
    again, _ = _attempt(peer, fact.port, ctx, outside=False)
    outside, left = _attempt(peer, fact.port, ctx, outside=True)
    return replace(fact, tried=True, again=again, outside=outside, outside_leaves=left)


def _attempt(peer: Peer, port: int, ctx: ProbeContext, *, outside: bool) -> tuple[str, bool]:
    """Begin to connect, and let go at once; gives the errno, and whether a SYN has left."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    try:
        opened = ctx.origin.open_socket(family, socket.SOCK_STREAM, to=peer.dst)
    except OSError as error:
        return symbol(error), False
    with closing(opened) as sock:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _GONE)
        target = socket.getaddrinfo(peer.address, port, family, sock.type)[0][4]
        code = connect_from_outside(sock, target) if outside else sock.connect_ex(target)
    if code in _UNDER_WAY:
        return "", True
    return symbol(code), code == errno.ECONNREFUSED


def _bare(address: str) -> str:
    """Write an address as the sockets have it: IPv4 as such (RFC 4291 2.5.5.2), without a zone."""
    if not address:
        return ""
    found = ip_address(address.partition("%")[0])
    return str(getattr(found, "ipv4_mapped", None) or found)
