"""Limits of a connection that is being closed: TIME_WAIT, and FIN_WAIT2 that nobody holds."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.socket_limits.limit import Limit, about
from layerwalk.probes.facts.sockets import Socket, TcpState
from layerwalk.probes.facts.tcp_settings import TcpSettings

_TIME_WAIT_S = 60.0  # TCP_TIMEWAIT_LEN, fixed in the kernel (RFC 9293 3.6.1)


def closing(row: Socket, settings: TcpSettings | None) -> Iterator[Limit]:
    """Give the limit of what is left of a closed connection."""
    if row.state is TcpState.TIME_WAIT:
        yield Limit(
            name="TIME_WAIT",
            in_s=row.expires_s,
            limit_s=_TIME_WAIT_S,
            says=f"its ports stay taken for {about(_TIME_WAIT_S)} after the end, whatever the"
            " settings are",
        )
    elif row.state is TcpState.FIN_WAIT2 and not row.inode:
        whole_s = float(settings.fin_timeout_s) if settings else None
        yield Limit(
            name="tcp_fin_timeout",
            in_s=row.expires_s or None,
            limit_s=whole_s,
            says="closed here, and not by the other end: forgotten"
            + (f" after {about(whole_s)}" if whole_s else "")
            + " (tcp_fin_timeout)",
        )
