"""What the kernel tells of a TCP connection (TCP_INFO, linux/tcp.h)."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

_SIZE = 104
_RECEIVED_AT, _REPEATS_AT = 20, 100
_ESTABLISHED = {1, 4, 5, 8}
"""ESTABLISHED, FIN-WAIT-1 and -2, CLOSE-WAIT: the handshake was made (net/tcp_states.h)."""

_SYN_SENT = 2
_OPTIONS = {1: "timestamps", 2: "sack-permitted", 4: "window-scale"}
_TIMESTAMPS = 1
_TIMESTAMPS_COST = 12


@dataclass(frozen=True)
class TcpInfo:
    """State, options and sizes of a connection; ``rtt_s`` is the handshake's round trip.

    ``received_mss`` is the data of the largest segment so far, and no less than a first guess.
    """

    state: int
    negotiated: int
    repeats: int
    send_mss: int
    received_mss: int
    rtt_s: float

    @property
    def established(self) -> bool:
        """Whether the connection was made."""
        return self.state in _ESTABLISHED

    @property
    def asks_to_connect(self) -> bool:
        """Whether a SYN is out, and no answer is in that counts."""
        return self.state == _SYN_SENT

    @property
    def announced_mss(self) -> int:
        """The MSS of the other end, as far as it is not above ours.

        The kernel's figure leaves room for timestamps in each segment.
        """
        return self.send_mss + self.overhead

    @property
    def overhead(self) -> int:
        """What the options take of each segment."""
        return _TIMESTAMPS_COST if self.negotiated & _TIMESTAMPS else 0

    @property
    def options(self) -> tuple[str, ...]:
        """The options that both ends agreed on."""
        return tuple(name for bit, name in _OPTIONS.items() if self.negotiated & bit)


def tcp_info(sock: socket.socket) -> TcpInfo:
    """Read it; what a kernel does not tell is 0."""
    data = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE).ljust(_SIZE, b"\0")
    return TcpInfo(
        state=data[0],
        negotiated=data[5],
        repeats=int(struct.unpack_from("I", data, _REPEATS_AT)[0]),
        send_mss=int(struct.unpack_from("I", data, 16)[0]),
        received_mss=int(struct.unpack_from("I", data, _RECEIVED_AT)[0]),
        rtt_s=struct.unpack_from("I", data, 68)[0] / 1e6,
    )
