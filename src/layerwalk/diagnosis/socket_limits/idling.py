"""Limits of a connection on which nothing is under way: keepalive, or none at all.

Linux, net/ipv4/tcp_timer.c, tcp_keepalive_timer(): after the idle time a probe, and one more each
interval; when as many as allowed are unanswered, or TCP_USER_TIMEOUT has passed since the last sign
of life, the connection ends (RFC 1122 4.2.3.6, tcp(7)).
"""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.socket_limits.limit import Limit, about
from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState

_IDLING = {TcpState.ESTABLISHED, TcpState.CLOSE_WAIT, TcpState.FIN_WAIT2}


def idling(row: Socket, options: SocketOptions | None) -> Iterator[Limit]:
    """Give keepalive's limit, where it is set."""
    if row.state not in _IDLING or options is None or not options.keepalive:
        return
    idle_s, interval_s = options.keepalive_idle_s or 0, options.keepalive_interval_s or 0
    probes = options.keepalive_probes or 1
    fires = [idle_s + number * interval_s for number in range(probes + 1)]
    whole_s, name = float(fires[-1]), "SO_KEEPALIVE"
    if options.user_timeout_s:
        whole_s, name = _bounded_s(fires, options.user_timeout_s, interval_s), "TCP_USER_TIMEOUT"
    yield Limit(
        name=name,
        in_s=_left_s(row, whole_s, fires) if row.timer is SocketTimer.KEEPALIVE else None,
        limit_s=whole_s,
        error="ETIMEDOUT",
        says=f"if the other end is gone, keepalive tells so {about(whole_s)} after its last sign"
        f" of life: {probes} probes {interval_s} s apart after {idle_s} s of silence"
        + (" (bounded by TCP_USER_TIMEOUT)" if options.user_timeout_s else ""),
    )


def _bounded_s(fires: list[int], user_s: float, interval_s: int) -> float:
    """With TCP_USER_TIMEOUT the first probe's moment counts at which it has passed, not the first.

    The number of probes then counts no more.
    """
    at_s = float(fires[0] + interval_s)
    while at_s < user_s and interval_s:
        at_s += interval_s
    return at_s


def _left_s(row: Socket, whole_s: float, fires: list[int]) -> float:
    """From now; the last sign of life is told by TCP_INFO, or from the timer and the probes."""
    ages = (row.info.last_data_recv_s, row.info.last_ack_recv_s) if row.info else ()
    heard = [age for age in ages if age is not None]
    due_s = fires[min(row.retransmits, len(fires) - 1)]
    since_s = min(heard) if heard else due_s - row.expires_s
    return max(whole_s - since_s, row.expires_s if row.retransmits else 0.0, 0.0)
