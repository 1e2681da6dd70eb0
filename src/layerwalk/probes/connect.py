"""A real connect(), as the failing program does it, and a short listen afterwards.

On the wire: what this machine's kernel sends for a TCP connection; nothing is written to it. Needs
no rights. Who sent an ICMP error is read from the socket's error queue (IP_RECVERR, ip(7)).
"""

from __future__ import annotations

import errno
import select
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Answer, ConnectFact, Outcome
from layerwalk.probes.origin import OriginError
from layerwalk.probes.port_choice import leave_no_wait
from layerwalk.probes.tcp_info import tcp_info
from layerwalk.probes.waiting import WHOLE_SILENCE_S, silence_is_whole
from layerwalk.probes.wire.kernel.error_queue import Report, listen_for_errors, reports
from layerwalk.probes.wire.packets import Peer
from layerwalk.probes.wire.refusals import meaning

LISTEN_S = 0.5
"""How long an open connection is listened to, besides two round trips."""

_REPEATED_S = 1.25
"""By then the kernel has sent its SYN twice."""

_AGAIN_S = 1.0
"""The kernel's first SYN is alone for so long (TCP_TIMEOUT_INIT, RFC 6298 2)."""

_LONGEST_S = 8.0
_LOOK_S = 0.05
_ROUND_TRIPS = 3


def connect(peer: Peer, port: int, ctx: ProbeContext, *, listen: bool = True) -> ConnectFact:
    """Connect, and say how it went; with ``listen``, also whether the other end then speaks."""
    family = socket.AF_INET6 if peer.version == 6 else socket.AF_INET
    try:
        opened = ctx.origin.open_socket(family, socket.SOCK_STREAM, to=peer.dst)
    except OSError as error:
        return _unopened(peer, port, error)
    with closing(opened) as sock:
        sock.setblocking(False)
        listen_for_errors(sock, peer.version)
        leave_no_wait(sock)
        ctx.follow(sock)
        return _connected(sock, peer, port, ctx, listen_s=LISTEN_S if listen else 0.0)


def _unopened(peer: Peer, port: int, error: OSError) -> ConnectFact:
    """Nothing was sent: this machine has no such source, or its mark is not ours to give."""
    blank = ConnectFact(
        outcome=outcome_of(error),
        address=peer.address,
        port=port,
        detail=error.strerror or str(error),
    )
    if isinstance(error, OriginError):
        return replace(blank, outcome=error.outcome)
    return replace(blank, errno=symbol(error))


def _connected(
    sock: socket.socket, peer: Peer, port: int, ctx: ProbeContext, *, listen_s: float
) -> ConnectFact:
    began = ctx.clock()

    def fact(outcome: Outcome, **more: str | float | Answer | None) -> ConnectFact:
        waited = {"waited_s": round(ctx.clock() - began, 4), **more}
        return ConnectFact(outcome=outcome, address=peer.address, port=port, **waited)  # type: ignore[arg-type]

    code = sock.connect_ex(socket.getaddrinfo(peer.address, port, sock.family, sock.type)[0][4])
    told: list[Report] = []
    if code == errno.EINPROGRESS:
        ended = _ended(sock, _patience(peer, ctx), ctx, told)
        if ended is None:
            outcome = Outcome.CANCELLED if ctx.cancel.is_set() else Outcome.SILENT
            return fact(outcome, source=_own(sock))
        code = ended
    if code == errno.ECONNRESET:  # made, and reset before we looked: a refused SYN is ECONNREFUSED
        return fact(Outcome.ANSWERED, closed_after_s=0.0)
    if code:
        error = OSError(code, "")
        told += reports(sock, peer.version)
        report = _as_answer(told[0], sock, ctx.clock() - began) if told else None
        offender = told[0].offender if told else ""
        return fact(outcome_of(error), errno=symbol(error), offender=offender, report=report)
    made_s = ctx.clock() - began
    if ctx.wire:
        ctx.wire.known.connected.add((peer.dst, port))
    seen = tcp_info(sock)
    said, closed = _listened(sock, _attention(listen_s, made_s, peer, ctx), ctx)
    return fact(
        Outcome.ANSWERED,
        waited_s=round(made_s, 4),
        source=_own(sock),
        repeats=seen.total_retrans,
        rtt_s=round(seen.rtt_s, 6),
        said=said,
        closed_after_s=closed,
    )


def _patience(peer: Peer, ctx: ProbeContext) -> Callable[[float], bool]:
    """Tell when waiting any longer proves nothing more; takes the seconds waited."""

    def enough(waited: float) -> bool:
        rtt_s = ctx.wire.known.rtt_s(peer) if ctx.wire else None
        if rtt_s is None:
            told = ctx.wire is not None and silence_is_whole(peer, ctx.wire)
            return waited >= (_REPEATED_S if told else WHOLE_SILENCE_S)
        return waited >= min(max(_REPEATED_S, _ROUND_TRIPS * rtt_s), _LONGEST_S)

    return enough


def _ended(
    sock: socket.socket, enough: Callable[[float], bool], ctx: ProbeContext, told: list[Report]
) -> int | None:
    """Wait for the attempt's end: 0 or its errno; ``None`` where it is still under way.

    An ICMP error that comes while the kernel is busy with the socket only goes to the queue, and
    the SYN is sent again. It is taken for what it is at any other moment: the end.
    """
    version = 6 if sock.family == socket.AF_INET6 else 4
    poll = select.poll()
    poll.register(sock, select.POLLOUT | select.POLLERR)
    began = ctx.clock()
    while not ctx.cancel.is_set():
        events = poll.poll(_LOOK_S * 1000)
        if any(event & (select.POLLOUT | select.POLLHUP) for _, event in events):
            return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if events and sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != _SYN_SENT:
            return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        told += reports(sock, version) if events else ()
        final = [report.errno for report in told if report.errno not in _NOT_FINAL]
        if final:
            return final[0]
        if enough(ctx.clock() - began):
            return None
    return None


def _as_answer(report: Report, sock: socket.socket, waited_s: float) -> Answer | None:
    """The error as an answer to the SYN; how long that took is only known of the first SYN."""
    meant = meaning(report.version, report.icmp_type, report.icmp_code)
    if meant is None:
        return None
    ttl = (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
    return Answer(
        kind=meant[0],
        responder=report.offender,
        hop=sock.getsockopt(*(ttl if report.version == 6 else (socket.IPPROTO_IP, socket.IP_TTL))),
        rtt_s=round(waited_s, 4),
        timed=waited_s < _AGAIN_S,
        ttl=report.ttl,
        icmp_type=report.icmp_type,
        icmp_code=report.icmp_code,
        refusal=meant[1],
    )


_SYN_SENT = 2
_NOT_FINAL = {0, errno.EMSGSIZE}


def _attention(
    listen_s: float, made_s: float, peer: Peer, ctx: ProbeContext
) -> Callable[[], float]:
    """How long to listen: two round trips more, which making the connection may have exceeded.

    The first packets of a walk wait for neighbours to be found; others may know better since.
    """

    def seconds() -> float:
        quickest_s = ctx.wire.known.quickest_s(peer) if ctx.wire else None
        trip_s = made_s if quickest_s is None else min(made_s, quickest_s)
        return listen_s + 2 * trip_s if listen_s else 0.0

    return seconds


def _listened(
    sock: socket.socket, seconds: Callable[[], float], ctx: ProbeContext
) -> tuple[int, float | None]:
    """Listen; returns the bytes that came, and when the other end closed or reset, if it did."""
    began = ctx.clock()
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    said = 0
    while (waited := ctx.clock() - began) < seconds() and not ctx.cancel.is_set():
        if not poll.poll(_LOOK_S * 1000):
            continue
        try:
            data = sock.recv(4096)
        except OSError:
            return said, waited
        if not data:
            return said, waited
        said += len(data)
    return said, None


def _own(sock: socket.socket) -> str:
    """Our own address and port of the connection."""
    with suppress(OSError):
        host, port = sock.getsockname()[:2]
        return f"{host} {port}"
    return ""
