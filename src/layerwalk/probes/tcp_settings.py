"""The system's settings for how long TCP tries and waits, from /proc/sys/net/ipv4.

Nothing goes on the wire, and no rights are needed. /proc/sys/net answers for the network namespace
of the calling thread.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from layerwalk.probes.facts.tcp_settings import TcpSettings

_FOLDER = Path("/proc/sys/net/ipv4")
_NAMES = {
    "syn_retries": ("tcp_syn_retries", 1),
    "linear_timeouts": ("tcp_syn_linear_timeouts", 1),
    "synack_retries": ("tcp_synack_retries", 1),
    "retries2": ("tcp_retries2", 1),
    "orphan_retries": ("tcp_orphan_retries", 1),
    "keepalive_idle_s": ("tcp_keepalive_time", 1),
    "keepalive_interval_s": ("tcp_keepalive_intvl", 1),
    "keepalive_probes": ("tcp_keepalive_probes", 1),
    "fin_timeout_s": ("tcp_fin_timeout", 1),
    "least_pause_s": ("tcp_rto_min_us", 1e-6),
    "longest_pause_s": ("tcp_rto_max_ms", 1e-3),
}
"""Each setting's file, and what its number is to be multiplied by."""


def tcp_settings(folder: Path = _FOLDER) -> TcpSettings | None:
    """Read them; ``None`` where not even the oldest of them can be read."""
    found: dict[str, float] = {}
    for name, (file, unit) in _NAMES.items():
        with suppress(OSError, ValueError):
            number = int((folder / file).read_text(encoding="ascii"))
            found[name] = number if unit == 1 else round(number * unit, 6)
    return TcpSettings(**found) if "syn_retries" in found else None  # type: ignore[arg-type]
