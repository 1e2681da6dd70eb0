"""How long this machine's kernel tries to connect, waits for acknowledgements, and remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.tcp_settings import TcpSettings


@dataclass(frozen=True, kw_only=True)
class TimersFact(Fact):
    """The kernel's settings for an unanswered SYN (kernel's ip-sysctl), and its other time limits.

    ``syn_retries`` is how often it is sent again, ``linear_timeouts`` how many of those come a
    second apart (0 where the kernel, older than 6.5, has no such setting), ``longest_s`` the
    longest pause between two (tcp_rto_max_ms, from Linux 6.15 on; 120 s before).

    ``tcp`` are all settings of TCP. ``tracked_s`` is how long an idle connection is remembered by
    this machine's connection tracking, by its state (``established``, ``unacknowledged``, …, and
    ``generic`` for other protocols; kernel's nf_conntrack-sysctl): empty where nothing is tracked.
    """

    probe: ClassVar[str] = "timers"
    layer: ClassVar[int] = 4

    syn_retries: int = 0
    linear_timeouts: int = 0
    longest_s: float = 120.0
    tcp: TcpSettings | None = None
    tracked_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def finding(self) -> str:
        """The settings by their names."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        return f"tcp_syn_retries {self.syn_retries}, tcp_syn_linear_timeouts {self.linear_timeouts}"

    @property
    def command(self) -> str:
        """The same by hand."""
        return "sysctl net.ipv4.tcp_syn_retries net.ipv4.tcp_syn_linear_timeouts"
