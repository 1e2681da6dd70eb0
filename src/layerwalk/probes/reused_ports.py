"""Which ports in TIME_WAIT connect() may take over (tcp_tw_reuse, kernel's ip-sysctl).

A port waits for 60 s, whatever is set (TCP_TIMEWAIT_LEN). It is taken over sooner only where
tcp_tw_reuse allows it (1: always, 2: on loopback alone), both ends used timestamps (RFC 6191), and
some time has passed: a second, or tcp_tw_reuse_delay. That the other end used timestamps is taken
for granted where this machine does.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from layerwalk.probes.facts.sockets import Socket, TcpState

WAIT_S = 60.0
"""TCP_TIMEWAIT_LEN."""

_ALWAYS, _LOOPBACK = 1, 2
_DELAY_MS = 1000


@dataclass(frozen=True)
class Reuse:
    """The settings: 0, 1 or 2, whether timestamps are used, and the time that must have passed."""

    setting: int
    timestamps: bool = True
    after_s: float = 1.0

    def allows(self, one: Socket) -> bool:
        """Whether connect() may take over the port of a socket in TIME_WAIT."""
        if one.state is not TcpState.TIME_WAIT or not self.timestamps:
            return False
        loopback = self.setting == _LOOPBACK and ip_address(one.destination).is_loopback
        old = WAIT_S - one.expires_s >= self.after_s
        return old and (self.setting == _ALWAYS or loopback)


def reuse(settings: Path) -> Reuse:
    """Read the settings; what an older kernel lacks has its fixed value.

    Raises:
        OSError: they can't be read.
        ValueError: they are no numbers.
    """
    delay = settings / "tcp_tw_reuse_delay"
    return Reuse(
        setting=_number(settings / "tcp_tw_reuse"),
        timestamps=_number(settings / "tcp_timestamps") != 0,
        after_s=(_number(delay) if delay.exists() else _DELAY_MS) / 1000,
    )


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))
