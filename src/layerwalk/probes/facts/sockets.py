"""TCP sockets of a network namespace, as its kernel sees them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from layerwalk.probes.facts.tcp_info import TcpInfo

_ANY = {4: "0.0.0.0", 6: "::"}


class TcpState(IntEnum):
    """The states of TCP by the kernel's numbers (net/tcp_states.h)."""

    ESTABLISHED = 1
    SYN_SENT = 2
    SYN_RECV = 3
    FIN_WAIT1 = 4
    FIN_WAIT2 = 5
    TIME_WAIT = 6
    CLOSE = 7
    CLOSE_WAIT = 8
    LAST_ACK = 9
    LISTEN = 10
    CLOSING = 11
    BOUND_INACTIVE = 13
    """Bound to a port and neither connected nor listening; told from Linux 6.8 on."""


class SocketTimer(IntEnum):
    """The timer that a socket has running (linux/inet_diag.h, idiag_timer)."""

    NONE = 0
    RETRANSMIT = 1
    KEEPALIVE = 2
    TIME_WAIT = 3
    WINDOW_PROBE = 4


@dataclass(frozen=True, slots=True)
class Socket:
    """One TCP socket, or what is left of it in TIME_WAIT.

    ``family`` is 4 or 6, the family that the program opened it with; the addresses of a dual-stack
    socket that speaks IPv4 (RFC 4291 2.5.5.2) are given as IPv4's. ``interface`` is the number of
    the device it is bound to, 0 for none; ``inode`` is 0 where no process holds it. ``retransmits``
    counts what is unanswered now; ``expires_s`` is when the timer fires next. Of a listener
    ``receive_queue`` is how many connections wait to be accepted and ``send_queue`` how many may;
    of other sockets they are the bytes that the program has not read, and those that the other end
    has not acknowledged.

    ``None`` is what was not told: all of them where only /proc could be read, ``mark`` without
    CAP_NET_ADMIN, ``only_v6`` and ``info`` where they don't apply or were not asked for.
    """

    family: int
    state: TcpState
    source: str
    source_port: int
    destination: str
    destination_port: int
    timer: SocketTimer
    expires_s: float
    retransmits: int
    receive_queue: int
    send_queue: int | None
    uid: int
    inode: int
    interface: int | None = None
    cookie: int | None = None
    mark: int | None = None
    only_v6: bool | None = None
    info: TcpInfo | None = None

    @property
    def version(self) -> int:
        """The IP version that its packets have; 6 for a dual-stack listener on ``::``."""
        return 6 if ":" in self.source else 4

    @property
    def listens(self) -> bool:
        """Whether it takes connections."""
        return self.state is TcpState.LISTEN

    @property
    def everywhere(self) -> bool:
        """Whether it is bound to all addresses."""
        return self.source == _ANY[self.version]

    @property
    def versions(self) -> tuple[int, ...]:
        """The IP versions that it speaks: of a dual-stack listener both, if it may.

        Where the kernel did not say, it is taken for one that may (ipv6(7), IPV6_V6ONLY).
        """
        both = self.family == 6 and self.everywhere and not self.only_v6
        return (4, 6) if both and not self.destination_port else (self.version,)

    @property
    def overflows(self) -> bool:
        """Whether a listener's queue takes no more: the kernel stops at one above its limit."""
        return self.listens and self.send_queue is not None and self.receive_queue > self.send_queue

    def takes(self, address: str) -> bool:
        """Whether a listener takes connections to an address, as far as its own address decides.

        ``address`` is written as the kernel writes it (RFC 5952), without a zone.
        """
        if not self.listens:
            return False
        version = 6 if ":" in address else 4
        return version in self.versions if self.everywhere else self.source == address
