"""Every time limit that a connection may meet, in seconds, and which of them a time fits.

Sources: the kernel's ip-sysctl (tcp_retries2, tcp_synack_retries, tcp_keepalive_*) and
nf_conntrack-sysctl; RFC 1122 4.2.3.5 and 4.2.3.6; RFC 5382 5 for what NAT should keep to, and the
documented figures of firewalls and clouds, which keep less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from layerwalk.diagnosis.syn_schedule import doubled_s, gives_up_s
from layerwalk.probes.facts import TimersFact
from layerwalk.probes.facts.tcp_settings import TcpSettings

Phase = Literal["connect", "accept", "read", "write", "idle", "close"]

EARLY_S, LATE_S, LATE_PART = 0.6, 0.6, 1.03
"""Timers fire a little late (measured: 3.1 s for 3, 19.4 s for 19), and programs round."""

_FIRST_PAUSE_S = 0.2  # TCP_RTO_MIN
_ORPHAN_RETRIES = 8  # where tcp_orphan_retries is 0
_STATES = ("established", "unacknowledged", "max_retrans")
_USUAL = (
    (240.0, "the idle limit of some cloud load balancers"),
    (350.0, "the idle limit of some cloud NAT gateways and load balancers"),
    (600.0, "the idle limit of some clouds' firewalls"),
    (900.0, "an idle limit that firewalls often have"),
    (1200.0, "the idle limit of some cloud NAT gateways"),
    (1800.0, "an idle limit that firewalls often have"),
    (3600.0, "an idle limit that firewalls and NAT often have"),
    (7200.0, "the idle limit that NAT should have at least (RFC 5382)"),
    (7440.0, "the idle limit that NAT should have (RFC 5382)"),
    (432_000.0, "how long Linux remembers an idle connection (nf_conntrack)"),
)
"""What devices on the way are known to have; none of it was measured."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A time limit: it fires ``after_s`` at the soonest, and ``until_s`` at the latest.

    ``name`` is the setting with its value, empty for what is only usual elsewhere; ``means`` says
    what has happened when it fires.
    """

    name: str
    phases: tuple[Phase, ...]
    after_s: float
    until_s: float
    means: str

    def fits(self, seconds: float) -> bool:
        """Whether something that took so long may have ended by it."""
        return self.after_s - EARLY_S <= seconds <= self.until_s * LATE_PART + LATE_S

    @property
    def words(self) -> str:
        """What it is, in a clause."""
        return f"{self.name}: {self.means}" if self.name else self.means


def figures(fact: TimersFact | None) -> Iterator[Figure]:
    """Give all that are known here: the kernel's own where its settings could be read."""
    if fact:
        yield _connecting(fact)
        if fact.tcp:
            yield from _of_tcp(fact.tcp)
        yield from _remembered(fact)


def usual() -> Iterator[Figure]:
    """Give what is usual on the way, and is no fact about this one."""
    for after_s, means in _USUAL:
        yield Figure(name="", phases=("idle",), after_s=after_s, until_s=after_s, means=means)


def _connecting(fact: TimersFact) -> Figure:
    whole_s = gives_up_s(fact.syn_retries, fact.linear_timeouts, fact.longest_s)
    return Figure(
        name=f"tcp_syn_retries {fact.syn_retries}",
        phases=("connect",),
        after_s=whole_s,
        until_s=whole_s,
        means="no SYN was answered",
    )


def _of_tcp(tcp: TcpSettings) -> Iterator[Figure]:
    half_s = doubled_s(tcp.synack_retries, tcp.longest_pause_s)
    yield Figure(
        name=f"tcp_synack_retries {tcp.synack_retries}",
        phases=("accept",),
        after_s=half_s,
        until_s=half_s,
        means="a client's handshake was never completed",
    )
    yield _resent(f"tcp_retries2 {tcp.retries2}", tcp.retries2, tcp, ("read", "write"))
    idle_s, each_s, count = tcp.keepalive_idle_s, tcp.keepalive_interval_s, tcp.keepalive_probes
    dead_s = float(idle_s + each_s * count)
    yield Figure(
        name=f"tcp_keepalive_time {idle_s} + {count} x {each_s}",
        phases=("read", "idle"),
        after_s=dead_s,
        until_s=dead_s,
        means="an idle connection's other end is gone, told by keepalive where the program set it",
    )
    retries = tcp.orphan_retries or _ORPHAN_RETRIES
    yield _resent(f"tcp_orphan_retries {tcp.orphan_retries}", retries, tcp, ("close",))
    yield Figure(
        name=f"tcp_fin_timeout {tcp.fin_timeout_s}",
        phases=("close",),
        after_s=float(tcp.fin_timeout_s),
        until_s=float(tcp.fin_timeout_s),
        means="the other end has not closed what was closed here",
    )


def _resent(name: str, retries: int, tcp: TcpSettings, phases: tuple[Phase, ...]) -> Figure:
    """Data goes out again until so much time has passed: it ends at the next repeat.

    Pauses double from the round trip's on (measured with tcp_retries2 1 to 5: up to 2.3 times).
    """
    least_s = doubled_s(retries, tcp.longest_pause_s, _FIRST_PAUSE_S)
    more_s = min(1.3 * least_s + 1.0, tcp.longest_pause_s)
    return Figure(
        name=name,
        phases=phases,
        after_s=round(least_s, 1),
        until_s=round(least_s + more_s, 1),
        means="what was sent was repeated in vain, and never acknowledged",
    )


def _remembered(fact: TimersFact) -> Iterator[Figure]:
    for state in _STATES:
        if state in fact.tracked_s:
            after_s = fact.tracked_s[state]
            yield Figure(
                name=f"nf_conntrack_tcp_timeout_{state} {after_s:.0f}",
                phases=("idle",),
                after_s=after_s,
                until_s=after_s,
                means="this machine's connection tracking has forgotten an idle connection",
            )
