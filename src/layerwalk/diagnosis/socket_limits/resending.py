"""Limits of a connection whose data is not acknowledged, or not taken.

Linux, net/ipv4/tcp_timer.c: unacknowledged data is sent again after pauses that double, until as
much time has passed as tcp_retries2 repeats would take that begin 0.2 s apart (RFC 1122 4.2.3.5);
TCP_USER_TIMEOUT takes the place of that time (RFC 5482, tcp(7)). A connection that no process holds
any more goes by tcp_orphan_retries. Where the other end says that its buffer is full, its window is
asked for again and again, for as long as it answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.socket_limits.limit import Limit, about
from layerwalk.diagnosis.syn_schedule import doubled_s
from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.probes.facts.tcp_settings import TcpSettings

_BASE_S = 0.2  # TCP_RTO_MIN
_ORPHANS_RETRIES = 8  # where tcp_orphan_retries is 0
_MAKING = {TcpState.SYN_SENT, TcpState.SYN_RECV, TcpState.LISTEN}
_ORPHAN = {TcpState.FIN_WAIT1, TcpState.CLOSING, TcpState.LAST_ACK}


def resending(
    row: Socket, options: SocketOptions | None, settings: TcpSettings | None
) -> Iterator[Limit]:
    """Give the limits of data that is on its way."""
    if row.state in _MAKING or settings is None:
        return
    user_s = (options.user_timeout_s if options else None) or 0.0
    if row.timer is SocketTimer.RETRANSMIT:
        yield _unacknowledged(row, user_s, settings)
    elif row.timer is SocketTimer.WINDOW_PROBE:
        yield _untaken(user_s, settings)


def _unacknowledged(row: Socket, user_s: float, settings: TcpSettings) -> Limit:
    name, retries = "tcp_retries2", settings.retries2
    if not row.inode and row.state in _ORPHAN:
        name, retries = "tcp_orphan_retries", settings.orphan_retries or _ORPHANS_RETRIES
    whole_s = user_s or doubled_s(retries, settings.longest_pause_s, _BASE_S)
    shown = f"{name} {retries}"
    if user_s:
        name = shown = "TCP_USER_TIMEOUT"
    return Limit(
        name=name,
        in_s=_left_s(row, whole_s, settings, exactly=bool(user_s)) if row.retransmits else None,
        limit_s=whole_s,
        error="ETIMEDOUT" if row.inode else "",
        says=f"the kernel gives the connection up when data was sent again for {about(whole_s)}"
        f" in vain ({shown})",
    )


def _left_s(row: Socket, whole_s: float, settings: TcpSettings, *, exactly: bool) -> float | None:
    """How long it goes on from now: until the first repeat that is due when the time is up.

    TCP_USER_TIMEOUT fires ``exactly`` then; ``None`` where TCP_INFO was not told.
    """
    if row.info is None:
        return None
    longest_s, pause_s = settings.longest_pause_s, row.info.rto_s
    since_s = _before_s(row, pause_s, longest_s) + max(pause_s - row.expires_s, 0.0)
    if exactly:
        return max(whole_s - since_s, row.expires_s if whole_s <= since_s else 0.0)
    left_s = row.expires_s
    while since_s + left_s < whole_s:
        pause_s = min(2 * pause_s, longest_s) or longest_s
        left_s += pause_s
    return left_s


def _before_s(row: Socket, pause_s: float, longest_s: float) -> float:
    """What passed between the first repeat and the last one: the pauses doubled up to now."""
    info, count = row.info, row.retransmits
    base_s = pause_s / float(1 << count)
    if info and pause_s >= longest_s:
        base_s = info.rtt_s + max(4 * info.rttvar_s, _BASE_S)
    return sum(min(base_s * (1 << number), longest_s) for number in range(1, count))


def _untaken(user_s: float, settings: TcpSettings) -> Limit:
    if user_s:
        return Limit(
            name="TCP_USER_TIMEOUT",
            limit_s=user_s,
            error="ETIMEDOUT",
            says=f"the kernel gives the connection up when the other end has had no room for data"
            f" for {about(user_s)} (TCP_USER_TIMEOUT)",
        )
    return Limit(
        name="tcp_retries2",
        error="ETIMEDOUT",
        says="no time limit while the other end answers that it has no room; if it falls silent,"
        f" the kernel gives up after {settings.retries2} probes (tcp_retries2)",
    )
