"""The kernel's struct tcp_info (linux/tcp.h), which has grown at its end ever since."""

from __future__ import annotations

import functools
import socket
import struct

from layerwalk.probes.facts.sockets import TcpState
from layerwalk.probes.facts.tcp_info import TcpInfo

_ALWAYS = struct.Struct("=8x24I")
"""What every kernel tells, behind eight bytes of their own: up to ``tcpi_total_retrans``."""

_STATES = {int(state): state.name for state in TcpState}
_UNTIMED = {TcpState.SYN_SENT, TcpState.LISTEN, TcpState.CLOSE, TcpState.BOUND_INACTIVE}
"""Nothing has been sent or heard yet: the ages count from the start of the machine instead."""

_OPTIONS = {1: "timestamps", 2: "sack-permitted", 4: "window-scale"}
_NO_TIME = 0xFFFFFFFF
_MILLI, _MICRO = 1e3, 1e6


def tcp_info(sock: socket.socket) -> TcpInfo:
    """Read it from a socket that does not listen; what a kernel does not tell is 0.

    Raises:
        OSError: it is not TCP's.
    """
    data = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ALWAYS.size)
    return _figures(data.ljust(_ALWAYS.size, b"\0"))


def read_tcp_info(data: bytes) -> TcpInfo | None:
    """Read it; ``None`` for a listener, whose figures mean something else, or if it is cut off."""
    if len(data) < _ALWAYS.size or data[0] == TcpState.LISTEN:
        return None
    return _figures(data)


def _figures(data: bytes) -> TcpInfo:
    state, _, retransmits, probes, backoff, options = data[:6]
    words = _ALWAYS.unpack_from(data)
    timed = state not in _UNTIMED
    least = _number(data, 148)
    return TcpInfo(
        state=_STATES.get(state, ""),
        options=_agreed(options),
        retransmits=retransmits,
        probes=probes,
        backoff=backoff,
        rto_s=words[0] / _MICRO,
        rtt_s=words[15] / _MICRO,
        rttvar_s=words[16] / _MICRO,
        snd_mss=words[2],
        rcv_mss=words[3],
        advmss=words[19],
        pmtu=words[13],
        unacked=words[4],
        lost=words[6],
        snd_cwnd=words[18],
        total_retrans=words[23],
        last_data_sent_s=words[9] / _MILLI if timed else None,
        last_data_recv_s=words[11] / _MILLI if timed else None,
        last_ack_recv_s=words[12] / _MILLI if timed else None,
        bytes_acked=_number(data, 120, "=Q"),
        bytes_received=_number(data, 128, "=Q"),
        notsent_bytes=_number(data, 144),
        min_rtt_s=None if least in {None, _NO_TIME} else (least or 0) / _MICRO,
        snd_wnd=_number(data, 228),
    )


@functools.cache
def _agreed(bits: int) -> tuple[str, ...]:
    return tuple(name for bit, name in _OPTIONS.items() if bits & bit)


def _number(data: bytes, at: int, form: str = "=I") -> int | None:
    if len(data) < at + struct.calcsize(form):
        return None
    return int(struct.unpack_from(form, data, at)[0])
