"""The kernel's struct tcp_info (linux/tcp.h), which has grown at its end ever since. Pure."""

from __future__ import annotations

import struct

from layerwalk.probes.facts.sockets import TcpState
from layerwalk.probes.facts.tcp_info import TcpInfo

_OLDEST = 104
"""The size that every kernel gives: up to ``tcpi_total_retrans``."""

_UNTIMED = {TcpState.SYN_SENT, TcpState.LISTEN, TcpState.CLOSE, TcpState.BOUND_INACTIVE}
"""Nothing has been sent or heard yet: the ages count from the start of the machine instead."""

_NO_TIME = 0xFFFFFFFF
_MILLI, _MICRO = 1e3, 1e6


def read_tcp_info(data: bytes) -> TcpInfo | None:
    """Read it; ``None`` for a listener, whose figures mean something else, or if it is cut off."""
    if len(data) < _OLDEST or data[0] == TcpState.LISTEN:
        return None
    timed = data[0] not in _UNTIMED
    least = _number(data, 148)
    return TcpInfo(
        retransmits=data[2],
        probes=data[3],
        backoff=data[4],
        rto_s=_known(data, 8) / _MICRO,
        rtt_s=_known(data, 68) / _MICRO,
        rttvar_s=_known(data, 72) / _MICRO,
        snd_mss=_known(data, 16),
        rcv_mss=_known(data, 20),
        advmss=_known(data, 84),
        pmtu=_known(data, 60),
        unacked=_known(data, 24),
        lost=_known(data, 32),
        snd_cwnd=_known(data, 80),
        total_retrans=_known(data, 100),
        last_data_sent_s=_known(data, 44) / _MILLI if timed else None,
        last_data_recv_s=_known(data, 52) / _MILLI if timed else None,
        last_ack_recv_s=_known(data, 56) / _MILLI if timed else None,
        bytes_acked=_number(data, 120, "=Q"),
        bytes_received=_number(data, 128, "=Q"),
        notsent_bytes=_number(data, 144),
        min_rtt_s=None if least in {None, _NO_TIME} else (least or 0) / _MICRO,
        snd_wnd=_number(data, 228),
    )


def _known(data: bytes, at: int) -> int:
    return int(struct.unpack_from("=I", data, at)[0])


def _number(data: bytes, at: int, form: str = "=I") -> int | None:
    if len(data) < at + struct.calcsize(form):
        return None
    return int(struct.unpack_from(form, data, at)[0])
