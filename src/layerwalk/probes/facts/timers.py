"""How long this machine's kernel tries to connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class TimersFact(Fact):
    """The kernel's settings for an unanswered SYN (kernel's ip-sysctl).

    ``syn_retries`` is how often it is sent again, ``linear_timeouts`` how many of those come a
    second apart (0 where the kernel, older than 6.5, has no such setting), ``longest_s`` the
    longest pause between two (tcp_rto_max_ms, from Linux 6.15 on; 120 s before).
    """

    probe: ClassVar[str] = "timers"
    layer: ClassVar[int] = 4
    of_machine: ClassVar[bool] = True

    syn_retries: int = 0
    linear_timeouts: int = 0
    longest_s: float = 120.0

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
