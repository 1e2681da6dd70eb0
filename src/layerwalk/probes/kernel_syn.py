"""What this machine's kernel puts on its SYNs: its settings, from /proc/sys/net.

Nothing goes on the wire, and no rights are needed. /proc/sys/net answers for the network namespace
of the calling thread. IPv6 uses the same settings (kernel's ip-sysctl).
"""

from __future__ import annotations

from pathlib import Path

from layerwalk.probes.facts import SynOption

SETTINGS = Path("/proc/sys/net/ipv4")

_SWITCHES = (
    (SynOption.SACK, "tcp_sack"),
    (SynOption.TIMESTAMPS, "tcp_timestamps"),
    (SynOption.WINDOW_SCALE, "tcp_window_scaling"),
)
_ECN = {1: SynOption.ECN, 3: SynOption.ACCURATE_ECN, 4: SynOption.ECN}
"""The values of tcp_ecn with which ECN is asked for on the way out (3 to 5: from Linux 6.18 on)."""

_TAKES_ECN_ONLY = 2


def kernels_options(settings: Path = SETTINGS) -> tuple[SynOption, ...]:
    """What a SYN of the kernel's carries; what can't be read has the kernel's default."""
    switched = [option for option, name in _SWITCHES if _number(settings / name, 1)]
    ecn = _ECN.get(_number(settings / "tcp_ecn", _TAKES_ECN_ONLY))
    return (SynOption.MSS, *switched, *((ecn,) if ecn else ()))


def _number(path: Path, default: int) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return default
