"""What ``layerwalk sockets --json`` prints (``layerwalk.sockets/1``), described in its schema."""

from __future__ import annotations

from typing import Any

import msgspec

from layerwalk.session.report import Tool

SCHEMA = "layerwalk.sockets/1"


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of it."""


class Asked(_Part, frozen=True, kw_only=True):
    """Which sockets were asked for; all where each is null."""

    pid: int | None = None
    port: int | None = None
    version: int | None = None


class SocketProcess(_Part, frozen=True, kw_only=True):
    """A process that has the socket open."""

    pid: int
    name: str
    descriptor: int


class LimitEntry(_Part, frozen=True, kw_only=True):
    """A time limit of a socket."""

    name: str
    says: str
    in_s: float | None = None
    limit_s: float | None = None
    error: str = ""


class SocketEntry(_Part, frozen=True, kw_only=True):
    """A TCP socket."""

    state: str
    family: int
    local: str
    local_port: int
    remote: str
    remote_port: int
    timer: str
    expires_s: float
    retransmits: int
    receive_queue: int
    send_queue: int | None
    uid: int
    inode: int
    interface_index: int | None
    mark: int | None
    only_v6: bool | None
    processes: tuple[SocketProcess, ...]
    troubles: tuple[str, ...]
    limits: tuple[LimitEntry, ...]
    first: LimitEntry | None
    options: dict[str, Any] | None
    why: str
    info: dict[str, Any] | None


class SocketsReport(_Part, frozen=True, kw_only=True):
    """The sockets that were asked for, those that wait for something first."""

    schema: str = SCHEMA
    tool: Tool
    asked: Asked
    process: str
    settings: dict[str, Any] | None
    gaps: tuple[str, ...]
    sockets: tuple[SocketEntry, ...]
