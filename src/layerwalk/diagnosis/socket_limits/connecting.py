"""Limits of a socket that has sent a SYN and waits (SYN_SENT), or has answered one (SYN_RECV).

Linux, net/ipv4/tcp_timer.c, tcp_write_timeout(): the attempt ends when the repeats are used up, or
after as long as they would have taken; TCP_USER_TIMEOUT takes the place of the latter (tcp(7)).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from layerwalk.diagnosis.socket_limits.limit import Limit, about
from layerwalk.diagnosis.syn_schedule import gives_up_s, moments_s
from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.facts.tcp_settings import TcpSettings

_FIRST_S = 1.0
_NAMES = ("TCP_SYNCNT", "TCP_USER_TIMEOUT")


def connecting(
    row: Socket, options: SocketOptions | None, settings: TcpSettings | None
) -> Iterator[Limit]:
    """Give the limits of making the connection."""
    if settings is None or row.timer is not SocketTimer.RETRANSMIT:
        return
    if row.state is TcpState.SYN_SENT:
        yield _asking(row, options, settings)
    elif row.state is TcpState.SYN_RECV:
        yield _answering(row, settings)


def asking_s(row: Socket, options: SocketOptions | None, settings: TcpSettings) -> float:
    """Tell for how long a socket in SYN_SENT has been waiting: from the repeats, and the next."""
    moments = moments_s(settings.linear_timeouts, settings.longest_pause_s)
    following_s = next(islice(moments, row.retransmits, None))
    user_s = (options.user_timeout_s if options else None) or following_s
    return max(min(following_s, max(user_s, _FIRST_S)) - row.expires_s, 0.0)


def _asking(row: Socket, options: SocketOptions | None, settings: TcpSettings) -> Limit:
    count = settings.syn_retries
    if options and options.syn_count:
        count = options.syn_count
    all_s, name = whole_s(count, (options.user_timeout_s if options else None) or 0.0, settings)
    left_s = max(all_s - asking_s(row, options, settings), row.expires_s)
    shown = f"{name} {count}" if name == _NAMES[0] else name
    return Limit(
        name=name,
        in_s=left_s,
        limit_s=all_s,
        error="ETIMEDOUT",
        says=f"the kernel gives up connecting {about(all_s)} after the first SYN ({shown})",
    )


def whole_s(count: int, user_s: float, settings: TcpSettings) -> tuple[float, str]:
    """Tell how long the kernel asks in all, and by which option it then gives up."""
    linear, longest_s = settings.linear_timeouts, settings.longest_pause_s
    if not user_s:
        return gives_up_s(count, linear, longest_s), _NAMES[0]
    used_up_s = next(islice(moments_s(linear, longest_s), count + linear, None))
    asked_s = max(user_s, _FIRST_S)
    return (asked_s, _NAMES[1]) if asked_s < used_up_s else (used_up_s, _NAMES[0])


def _answering(row: Socket, settings: TcpSettings) -> Limit:
    """A SYN was answered, and the last part of the handshake does not come."""
    moments = list(islice(moments_s(0, settings.longest_pause_s), 256))
    whole_s = moments[settings.synack_retries]
    since_s = moments[row.retransmits] - row.expires_s
    return Limit(
        name="tcp_synack_retries",
        in_s=max(whole_s - since_s, row.expires_s),
        limit_s=whole_s,
        says=f"the half-open connection is forgotten {about(whole_s)} after the first SYN-ACK"
        f" (tcp_synack_retries {settings.synack_retries})",
    )
