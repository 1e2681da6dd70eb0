"""One socket for people: what it waits for, what ends the wait, and what it has set."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from layerwalk.diagnosis.socket_limits.limit import about
from layerwalk.diagnosis.time_words import seconds
from layerwalk.session.plain import plain
from layerwalk.session.sockets.report import SocketEntry

_NO_LIMIT = (
    "no kernel limit set: the kernel lets it wait for ever; a limit that the program keeps for"
    " itself does not show here"
)
_NONE_RUNS = "none of its limits runs now"
_LEAVES = (
    "it does not block: limits that the program or its runtime keeps for itself (Go, Java, asyncio)"
    " are not in the kernel, and not shown here"
)
_BLOCKS = (
    "it blocks: a call ends by these, or by a signal that the program sends itself (alarm(2), as"
    " wget and Perl do), which is not shown here"
)
_INSIDE = 10
_TIED = "\u00a0"
"""Between a name and its value, until the lines are broken."""
_FLAGS = {None: "?", True: "on", False: "off"}


def details(one: SocketEntry, width: int = 80) -> list[str]:
    """Write a socket in lines of a width."""
    lines = [*textwrap.wrap(_head(one), width, subsequent_indent=" " * _INSIDE)]
    for label, text in _parts(one):
        first = f"  {label:<{_INSIDE - 2}}"
        rest = " " * _INSIDE
        lines += textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )
    return [line.replace(_TIED, " ") for line in lines]


def ends(one: SocketEntry) -> str:
    """Write a socket's two ends, of a listener its own."""
    near = end(one.local, one.local_port)
    return near if one.state == "LISTEN" else f"{near} -> {end(one.remote, one.remote_port)}"


def end(address: str, port: int) -> str:
    """Write an address with its port."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def held_by(one: SocketEntry) -> str:
    """Name the processes that hold a socket; empty where none is known."""
    names: dict[str, list[int]] = {}
    for it in one.processes:
        pids = names.setdefault(plain(it.name) or "process", [])
        if it.pid not in pids:
            pids.append(it.pid)
    return ", ".join(f"{name} ({', '.join(map(str, pids))})" for name, pids in names.items())


def _head(one: SocketEntry) -> str:
    return "  ".join(part for part in (one.state, ends(one), held_by(one)) if part)


def _parts(one: SocketEntry) -> Iterator[tuple[str, str]]:
    for trouble in one.troubles:
        yield "", trouble
    if one.state == "ESTABLISHED" and not one.inode:
        yield "", "it waits in the listener's queue: no program has accepted it yet"
    yield from _limits(one)
    if one.state == "LISTEN":
        limit = "?" if one.send_queue is None else one.send_queue
        yield "queue", f"{one.receive_queue} wait to be accepted, {limit} may"
    elif one.state != "SYN_SENT" and (one.receive_queue or one.send_queue):
        yield (
            "queues",
            f"{one.receive_queue} bytes not read, {one.send_queue} sent and not acknowledged",
        )
    if one.options is not None:
        yield from _set(one.options, listens=one.state == "LISTEN")
    elif one.why:
        yield "options", f"not read: {one.why}"
    if one.info is not None and one.state != "SYN_SENT":
        yield "inside", _inside(one.info)


def _limits(one: SocketEntry) -> Iterator[tuple[str, str]]:
    """The limit that fires first, the next event, and all others."""
    if one.first and one.first.in_s is not None:
        error = f" ({one.first.error})" if one.first.error else ""
        yield "first", f"in {about(one.first.in_s)}{error}: {one.first.says}"
    elif one.limits:
        yield "first", _NONE_RUNS
    elif one.options is not None and one.state != "LISTEN":
        yield "first", _NO_LIMIT
    if one.timer == "retransmit" and (one.retransmits or one.state == "SYN_SENT"):
        yield "next", f"sent again in {about(one.expires_s)}, unless an answer comes"
    for limit in one.limits:
        if limit != one.first:
            yield "else", limit.says


def _set(options: Mapping[str, Any], *, listens: bool) -> Iterator[tuple[str, str]]:
    """The options that have to do with time, then the others."""
    if not listens:
        yield "limits", _tied(_timed(options))
    if options["blocks"] is not None and not listens:
        yield "", _BLOCKS if options["blocks"] else _LEAVES
    yield "options", _tied(_others(options))


def _tied(parts: Iterable[str]) -> str:
    return "  ".join(part.replace(" ", _TIED) for part in parts)


def _timed(options: Mapping[str, Any]) -> Iterator[str]:
    yield f"SO_RCVTIMEO {_limit(options['receive_limit_s'])}"
    yield f"SO_SNDTIMEO {_limit(options['send_limit_s'])}"
    yield f"TCP_USER_TIMEOUT {_limit(options['user_timeout_s'])}"
    yield f"TCP_SYNCNT {_known(options['syn_count'])}"
    alive = _FLAGS[options["keepalive"]]
    if options["keepalive"]:
        alive = (
            f"after {_known(options['keepalive_idle_s'])} s, {_known(options['keepalive_probes'])}"
            f" times every {_known(options['keepalive_interval_s'])} s"
        )
    yield f"SO_KEEPALIVE {alive}"


def _others(options: Mapping[str, Any]) -> Iterator[str]:
    yield f"SO_RCVBUF {_known(options['receive_buffer'])}"
    yield f"SO_SNDBUF {_known(options['send_buffer'])}"
    yield f"TCP_MAXSEG {_known(options['max_segment'])}"
    for name, key in (
        ("TCP_NODELAY", "no_delay"),
        ("SO_REUSEADDR", "reuse_address"),
        ("SO_REUSEPORT", "reuse_port"),
    ):
        yield f"{name} {_FLAGS[options[key]]}"
    if options["linger_s"] is not None:
        yield f"SO_LINGER {options['linger_s']} s"
    if options["defer_accept_s"]:
        yield f"TCP_DEFER_ACCEPT {options['defer_accept_s']} s"
    if options["mark"]:
        yield f"SO_MARK {options['mark'] & 0xFFFFFFFF:#x}"
    if options["interface"]:
        yield f"SO_BINDTODEVICE {plain(options['interface'])}"
    if any(options["port_range"] or ()):
        low, high = (it or "" for it in options["port_range"])
        yield f"IP_LOCAL_PORT_RANGE {low}-{high}"


def _inside(info: Mapping[str, Any]) -> str:
    parts = [
        f"RTT {info['rtt_s'] * 1000:.4g} ms",
        f"next repeat after {seconds(info['rto_s'])}",
        f"window {info['snd_cwnd']} segments",
        f"path MTU {info['pmtu']}",
        f"{info['total_retrans']} segments sent again so far",
    ]
    for key, words in (("last_data_sent_s", "sent"), ("last_data_recv_s", "received")):
        if info[key] is not None:
            parts.append(f"last {words} {seconds(info[key])} ago")
    return ", ".join(parts)


def _limit(value: float | None) -> str:
    if value is None:
        return "?"
    return seconds(value) if value else "none"


def _known(value: object) -> str:
    return "?" if value is None else str(value)
