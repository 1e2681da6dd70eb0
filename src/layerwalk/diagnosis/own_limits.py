"""The limits that a program set on its own socket to the target, where it was named and looked at.

They go before the system's: TCP_SYNCNT before tcp_syn_retries, TCP_USER_TIMEOUT before the time
that this would take (tcp(7)), and SO_SNDTIMEO bounds a connect() that blocks (socket(7)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.diagnosis.socket_limits.connecting import whole_s
from layerwalk.diagnosis.time_figures import Figure, Phase
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


def own_figures(view: WalkView) -> Iterator[Figure]:
    """Give the limits of an open connection that its sockets have set, each once."""
    every = (one for socket in _sockets(view) for one in _of_socket(socket))
    yield from dict.fromkeys(every)


def _of_socket(one: OwnSocket) -> Iterator[Figure]:
    if one.receive_limit_s:
        yield _set("SO_RCVTIMEO", ("read",), one.receive_limit_s, "nothing came to be read")
    if one.send_limit_s:
        yield _set("SO_SNDTIMEO", ("write",), one.send_limit_s, "there was no room to write")
    if one.user_timeout_s:
        means = "what was sent was not acknowledged, or not taken"
        yield _set("TCP_USER_TIMEOUT", ("read", "write"), one.user_timeout_s, means)
    idle_s, each_s, count = one.keepalive_idle_s, one.keepalive_interval_s, one.keepalive_probes
    if one.keepalive and idle_s and each_s and count:
        name = f"SO_KEEPALIVE {idle_s} + {count} x {each_s}"
        yield _set(name, ("read", "idle"), idle_s + count * each_s, "the other end is gone")


def _set(name: str, phases: tuple[Phase, ...], after_s: float, means: str) -> Figure:
    whose = f"{name} of its socket"
    return Figure(name=whose, phases=phases, after_s=after_s, until_s=after_s, means=means)


def _sockets(view: WalkView) -> list[OwnSocket]:
    """The sockets of the process that is named, as far as their options were read."""
    facts = (e.fact for e in view.evidence if isinstance(e.fact, OwnSocketsFact))
    every = (one for fact in facts if fact.pid is not None for one in fact.sockets)
    return [one for one in every if one.syn_count is not None]
