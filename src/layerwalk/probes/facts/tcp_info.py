"""What the kernel tells of a TCP connection's inside (TCP_INFO, linux/tcp.h, tcp(7))."""

from __future__ import annotations

from dataclasses import dataclass

_ESTABLISHED = {"ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT"}
_TIMESTAMPS = "timestamps"
_TIMESTAMPS_COST = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class TcpInfo:
    """One look at a connection, under the kernel's own names; sizes in bytes, times in seconds.

    ``state`` is a ``TcpState``'s name, and ``options`` are those that both ends agreed on.
    ``rcv_mss`` is the data of the largest segment so far, and no less than a first guess.
    ``retransmits`` and ``probes`` are what is unanswered now, ``total_retrans`` all segments that
    were sent again so far; ``unacked``, ``lost`` and the window ``snd_cwnd`` are segments. The
    ``last_…_s`` are ages, ``None`` where nothing of the kind has happened yet; so is ``min_rtt_s``
    where nothing was measured. All that stands last is ``None`` where the kernel is too old for it.
    """

    state: str
    options: tuple[str, ...]
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

    @property
    def established(self) -> bool:
        """Whether the handshake was made."""
        return self.state in _ESTABLISHED

    @property
    def asks_to_connect(self) -> bool:
        """Whether a SYN is out, and no answer is in that counts."""
        return self.state == "SYN_SENT"

    @property
    def announced_mss(self) -> int:
        """The MSS of the other end, as far as it is not above ours.

        The kernel's figure leaves room for timestamps in each segment.
        """
        return self.snd_mss + self.overhead

    @property
    def overhead(self) -> int:
        """What the options take of each segment."""
        return _TIMESTAMPS_COST if _TIMESTAMPS in self.options else 0
