"""What the kernel tells of a TCP connection's inside (TCP_INFO, linux/tcp.h, tcp(7))."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TcpInfo:
    """One look at a connection, under the kernel's own names; sizes in bytes, times in seconds.

    ``retransmits`` and ``probes`` are what is unanswered now, ``total_retrans`` all segments that
    were sent again so far; ``unacked``, ``lost`` and the window ``snd_cwnd`` are segments. The
    ``last_…_s`` are ages, ``None`` where nothing of the kind has happened yet; so is ``min_rtt_s``
    where nothing was measured. All that stands last is ``None`` where the kernel is too old for it.
    """

    retransmits: int
    probes: int
    backoff: int
    rto_s: float
    rtt_s: float
    rttvar_s: float
    snd_mss: int
    rcv_mss: int
    advmss: int
    pmtu: int
    unacked: int
    lost: int
    snd_cwnd: int
    total_retrans: int
    last_data_sent_s: float | None
    last_data_recv_s: float | None
    last_ack_recv_s: float | None
    bytes_acked: int | None
    bytes_received: int | None
    notsent_bytes: int | None
    min_rtt_s: float | None
    snd_wnd: int | None
