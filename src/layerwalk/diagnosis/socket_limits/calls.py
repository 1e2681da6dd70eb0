"""Limits of single calls that the program makes on a socket: SO_RCVTIMEO and SO_SNDTIMEO.

socket(7): they count from the beginning of each call, and only for calls that block.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.socket_limits.connecting import asking_s
from layerwalk.diagnosis.socket_limits.limit import Limit, about
from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.facts.tcp_settings import TcpSettings

_IDLE = " (without effect: this socket does not block)"


def calls(
    row: Socket, options: SocketOptions | None, settings: TcpSettings | None
) -> Iterator[Limit]:
    """Give the limits of calls."""
    if options is None:
        return
    idle = _IDLE if options.blocks is False else ""
    if options.send_limit_s and row.state is not TcpState.LISTEN:
        yield _sending(row, options, settings, idle)
    if options.receive_limit_s and row.state is not TcpState.SYN_SENT:
        call = "accept()" if row.listens else "a read"
        yield Limit(
            name="SO_RCVTIMEO",
            limit_s=options.receive_limit_s,
            error="EAGAIN",
            says=f"{call} that gets nothing fails after {about(options.receive_limit_s)}"
            f" (SO_RCVTIMEO){idle}",
        )


def _sending(row: Socket, options: SocketOptions, settings: TcpSettings | None, idle: str) -> Limit:
    whole_s = options.send_limit_s or 0.0
    if row.state is not TcpState.SYN_SENT:
        words = f"a write that finds no room fails after {about(whole_s)} (SO_SNDTIMEO){idle}"
        return Limit(name="SO_SNDTIMEO", limit_s=whole_s, error="EAGAIN", says=words)
    left_s = None
    if settings and options.blocks:  # connect() began with the first SYN
        left_s = max(whole_s - asking_s(row, options, settings), 0.0) or None
    return Limit(
        name="SO_SNDTIMEO",
        in_s=left_s,
        limit_s=whole_s,
        error="EINPROGRESS",
        says=f"connect() comes back {about(whole_s)} after it began (SO_SNDTIMEO){idle}",
    )
