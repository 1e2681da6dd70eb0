"""The options of a socket that decide how long it waits: socket(7), tcp(7)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SocketOptions:
    """What a live socket has set; times in seconds, sizes in bytes.

    ``receive_limit_s`` and ``send_limit_s`` (SO_RCVTIMEO, SO_SNDTIMEO) and ``user_timeout_s``
    (TCP_USER_TIMEOUT) are 0 where nothing is set: the *kernel* then has no such limit, which says
    nothing of limits that the program keeps for itself. Keepalive's figures and ``syn_count``
    (TCP_SYNCNT) are the socket's own, or the system's where it has none; of keepalive they only
    count where ``keepalive`` is set. ``blocks`` is whether calls wait at all: those of most
    runtimes don't, whatever the limits are. What could not be read is ``None``.
    """

    blocks: bool | None = None
    receive_limit_s: float | None = None
    send_limit_s: float | None = None
    keepalive: bool | None = None
    keepalive_idle_s: int | None = None
    keepalive_interval_s: int | None = None
    keepalive_probes: int | None = None
    user_timeout_s: float | None = None
    syn_count: int | None = None
    max_segment: int | None = None
    receive_buffer: int | None = None
    send_buffer: int | None = None
    reuse_address: bool | None = None
    reuse_port: bool | None = None
    no_delay: bool | None = None
    linger_s: int | None = None
    """What close() waits for data to get away, ``None`` also where it does not (SO_LINGER)."""

    defer_accept_s: int | None = None
    mark: int | None = None
    device: str | None = None
    port_range: tuple[int, int] | None = None
    """The source ports that connect() may choose from (IP_LOCAL_PORT_RANGE, ip(7)).

    A 0 stands for the system's own; ``None`` also before Linux 6.3.
    """
