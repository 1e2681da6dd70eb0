"""The limits that a program set on its own socket to the target, where it was named and looked at.

They go before the system's: TCP_SYNCNT before tcp_syn_retries, TCP_USER_TIMEOUT before the time
that this would take (tcp(7)), and SO_SNDTIMEO bounds a connect() that blocks (socket(7)).
"""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.diagnosis.socket_limits.connecting import whole_s
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import OwnSocket, OwnSocketsFact, TimersFact
from layerwalk.probes.facts.tcp_settings import TcpSettings


@dataclass(frozen=True, kw_only=True)
class OwnLimits:
    """When the kernel gives that very socket up, by which option, and what connect() waits at most.

    ``name`` is empty where the socket has what the system has.
    """

    kernel_s: float
    name: str = ""
    send_limit_s: float | None = None


def own_limits(view: WalkView, timers: TimersFact | None) -> OwnLimits | None:
    """Give them; ``None`` where no socket was looked at, or the system's settings are not known."""
    socket = next(iter(_sockets(view)), None)
    if socket is None or timers is None:
        return None
    settings = TcpSettings(
        syn_retries=timers.syn_retries,
        linear_timeouts=timers.linear_timeouts,
        longest_pause_s=timers.longest_s,
    )
    count, user_s = socket.syn_count or timers.syn_retries, socket.user_timeout_s or 0.0
    kernel_s, name = whole_s(count, user_s, settings)
    differs = name != "TCP_SYNCNT" or count != timers.syn_retries
    shown = name if name != "TCP_SYNCNT" else f"{name} {count}"
    bound_s = socket.send_limit_s if socket.blocks and socket.send_limit_s else None
    return OwnLimits(kernel_s=kernel_s, name=shown if differs else "", send_limit_s=bound_s)


def _sockets(view: WalkView) -> list[OwnSocket]:
    """The sockets of the process that is named, as far as their options were read."""
    facts = (e.fact for e in view.evidence if isinstance(e.fact, OwnSocketsFact))
    every = (one for fact in facts if fact.pid is not None for one in fact.sockets)
    return [one for one in every if one.syn_count is not None]
