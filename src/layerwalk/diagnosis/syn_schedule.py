"""When the kernel sends a SYN again, and when it gives up: from settings to seconds.

Linux, net/ipv4/tcp_timer.c: a SYN that is not answered is sent again after a second each for the
linear repeats (tcp_syn_linear_timeouts, Linux 6.5), then after pauses that double up to the longest
one. At each of these moments the kernel gives up instead if it has tried for as long as the
repeats asked for would take with doubling alone: 2^(n+1) - 1 s (RFC 6298 5.5; tcp_syn_retries).
"""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_S = 120.0
"""The longest pause between two SYNs where nothing else is set (TCP_RTO_MAX)."""


def moments_s(linear: int, longest_s: float = LONGEST_S) -> Iterator[float]:
    """Give the seconds after the first SYN at which the kernel's timer fires, without end."""
    at_s, pause_s = 0.0, 1.0
    for _ in range(linear):
        at_s += pause_s
        yield at_s
    while True:
        at_s += pause_s
        yield at_s
        pause_s = min(2 * pause_s, longest_s)


def gives_up_s(retries: int, linear: int = 0, longest_s: float = LONGEST_S) -> float:
    """Tell after how many seconds the kernel gives up an unanswered connection.

    ``retries`` is tcp_syn_retries, or the socket's own TCP_SYNCNT (tcp(7)), which goes before it.
    """
    asked_s = doubled_s(retries, longest_s)
    return next(at_s for at_s in moments_s(linear, longest_s) if at_s >= asked_s)


def doubled_s(retries: int, longest_s: float = LONGEST_S, first_s: float = 1.0) -> float:
    """How long so many repeats take by doubling alone (the kernel's tcp_model_timeout).

    ``first_s`` is the first pause: 1 s for a SYN, and for data 0.2 s (TCP_RTO_MIN), whatever the
    pauses really are.
    """
    doublings = int(longest_s / first_s).bit_length() - 1
    if retries <= doublings:
        return float((2 << retries) - 1) * first_s
    return ((2 << doublings) - 1) * first_s + (retries - doublings) * longest_s
