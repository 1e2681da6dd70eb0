"""The kernel's own trace of a connection through this machine's rules: which one refuses it.

The one probe that changes the machine, and only where a person said so: it adds a table of its own
that marks the packets of one connection (meta nftrace, nft(8)), and takes it away whatever happens.
On the wire: a connection of the kernel's own, and eight more where there are rules of
iptables-legacy, whose counters tell in place of the trace. Needs CAP_NET_ADMIN, and nft.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import Outcome, RuleTraceFact
from layerwalk.probes.firewall.reading import rule_texts
from layerwalk.probes.firewall.tools import ToolError
from layerwalk.probes.rule_trace import legacy
from layerwalk.probes.rule_trace.leftovers import sweep
from layerwalk.probes.rule_trace.marking import Marking
from layerwalk.probes.rule_trace.netlink import Ear, tables
from layerwalk.probes.rule_trace.reading import Reading
from layerwalk.probes.rule_trace.table import TraceTable
from layerwalk.probes.wire.packets import Peer

__all__ = ["client_trace", "rule_trace"]

_LOOK_S = 0.05
_FLOOR_S, _LONGEST_S = 0.6, 3.0
_ROUND_TRIPS = 3
_SETTLE_S = 0.1
_CLIENT_S = 5.0
_BURST_S = 0.3
_RESET = struct.pack("ii", 1, 0)
_NO_RIGHT = "the kernel's trace takes CAP_NET_ADMIN"

Done = Callable[[Reading], bool]


def rule_trace(peer: Peer, port: int, ctx: ProbeContext) -> RuleTraceFact:
    """Connect, and see which rule refuses the SYN, or what answers it.

    ``not_permitted`` without the rights, ``not_run`` where nft is not installed.
    """
    blank = RuleTraceFact(outcome=Outcome.ANSWERED, address=peer.address, port=port)
    try:
        with closing(_bound(peer, ctx)) as sock:
            marking = Marking(
                address=peer.address,
                port=port,
                other=sock.getsockname()[0],
                other_port=sock.getsockname()[1],
                interface=peer.interface,
            )
            found = _traced(marking, blank, ctx, lambda: _connecting(sock, peer, port, ctx))
        return found if found.matches else _by_counters(found, peer, port, ctx)
    except OSError as error:
        return replace(blank, outcome=outcome_of(error), detail=error.strerror or str(error))


def client_trace(
    address: str, port: int, client: str, interface: str, ctx: ProbeContext
) -> RuleTraceFact:
    """Wait for a client's SYN, any client's where none is named, and see which rule refuses it."""
    blank = RuleTraceFact(outcome=Outcome.ANSWERED, address=address, port=port, server=True)
    marking = Marking(address=address, port=port, other=client, interface=interface)
    until = ctx.clock() + _CLIENT_S

    def waiting() -> Done:
        return lambda reading: {"in", "out"} <= reading.seen or ctx.clock() >= until

    found = _traced(marking, blank, ctx, waiting)
    silent = found.outcome is Outcome.ANSWERED and not found.came
    return replace(found, outcome=Outcome.SILENT) if silent else found


def _traced(
    marking: Marking, blank: RuleTraceFact, ctx: ProbeContext, begin: Callable[[], Done]
) -> RuleTraceFact:
    """Add the table, begin, listen until it is done, and take the table away."""
    try:
        sweep(load=True)
        with ExitStack() as stack:
            ear = stack.enter_context(Ear())
            devices = any(family == "netdev" for family, _ in tables())
            table = stack.enter_context(TraceTable(replace(marking, devices=devices).chains))
            reading = Reading(table.name)
            _listen(ear, reading, begin(), ctx)
    except ToolError as error:
        missing = Outcome.NOT_RUN if error.missing else Outcome.FAILED
        outcome = Outcome.NOT_PERMITTED if error.not_permitted else missing
        return replace(blank, outcome=outcome, detail=str(error))
    except PermissionError:
        return replace(blank, outcome=Outcome.NOT_PERMITTED, detail=_NO_RIGHT)
    return replace(
        blank,
        outcome=Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.ANSWERED,
        left="out" in reading.seen,
        came="in" in reading.seen,
        matches=reading.matches(rule_texts() if reading.refused else {}),
        passed=reading.passed,
    )


def _listen(ear: Ear, reading: Reading, done: Done, ctx: ProbeContext) -> None:
    """Take in the trace until a packet is refused, or nothing more is to come."""
    while not (reading.refused or done(reading) or ctx.cancel.is_set()):
        reading.take(ear.hear(_LOOK_S))
    reading.take(ear.hear(_SETTLE_S))


def _bound(peer: Peer, ctx: ProbeContext) -> socket.socket:
    """A socket that has its source port already, so that it can be told to the rules."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    sock = ctx.origin.open_socket(family, socket.SOCK_STREAM, to=peer.dst)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        if not sock.getsockname()[1]:
            sock.bind(socket.getaddrinfo(peer.source, 0, family, sock.type)[0][4])
    except OSError:
        sock.close()
        raise
    return sock


def _connecting(sock: socket.socket, peer: Peer, port: int, ctx: ProbeContext) -> Done:
    """Begin to connect; done once an answer was let in, or none is to be expected any more."""
    ctx.follow(sock)
    rtt_s = ctx.wire.known.rtt_s(peer) if ctx.wire else None
    until = ctx.clock() + min(max(_FLOOR_S, _ROUND_TRIPS * (rtt_s or 0.0)), _LONGEST_S)
    place = socket.getaddrinfo(peer.address, port, sock.family, sock.type)[0][4]
    sock.connect_ex(place)
    return lambda _reading: ctx.clock() >= until or _is_made(sock)


def _is_made(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


def _by_counters(fact: RuleTraceFact, peer: Peer, port: int, ctx: ProbeContext) -> RuleTraceFact:
    """Ask the counters of iptables-legacy, which no trace tells of, where there are any."""
    rises: list[legacy.Counts] = []
    before = legacy.look(peer.version)
    for count in legacy.BURSTS if before else ():
        with ExitStack() as stack:
            for _ in range(count):
                sock = stack.enter_context(closing(_bound(peer, ctx)))
                _connecting(sock, peer, port, ctx)
            ctx.pause(_BURST_S)
            after = legacy.look(peer.version)
        rises.append(legacy.risen(before, after))
        before = after
    matches = legacy.refusing(rises)
    return replace(fact, outcome=Outcome.ANSWERED, matches=matches) if matches else fact
