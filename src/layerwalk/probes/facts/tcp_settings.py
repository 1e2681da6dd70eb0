"""The system's settings for how long TCP tries and waits (kernel's ip-sysctl)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TcpSettings:
    """The settings of a network namespace; what a kernel is too old to have is what it does.

    ``syn_retries``, ``synack_retries``, ``retries2`` and ``orphan_retries`` are counts, and so is
    ``linear_timeouts``, how many repeats of a SYN come a second apart. IPv6 goes by the same ones.
    """

    syn_retries: int = 6
    linear_timeouts: int = 0
    synack_retries: int = 5
    retries2: int = 15
    orphan_retries: int = 0
    keepalive_idle_s: int = 7200
    keepalive_interval_s: int = 75
    keepalive_probes: int = 9
    fin_timeout_s: int = 60
    least_pause_s: float = 0.2
    longest_pause_s: float = 120.0
