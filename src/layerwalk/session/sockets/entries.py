"""From sockets that were seen to what is said of them."""

from __future__ import annotations

from typing import Any

import msgspec

from layerwalk import __version__
from layerwalk.diagnosis.socket_limits import Limit, outlook
from layerwalk.diagnosis.socket_troubles import troubles
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.probes.facts.socket_options import SocketOptions
from layerwalk.probes.facts.tcp_settings import TcpSettings
from layerwalk.session.options import Redact
from layerwalk.session.report import Tool
from layerwalk.session.sockets.looking import Sight, nameless
from layerwalk.session.sockets.report import (
    Asked,
    LimitEntry,
    SocketEntry,
    SocketProcess,
    SocketsReport,
)

_PLACES = 3


def report_of(sight: Sight, redact: Redact | None = None) -> SocketsReport:
    """Write down what was seen; redacted, also without the names of processes."""
    which = sight.which
    sight = nameless(sight) if redact else sight
    found = SocketsReport(
        tool=Tool(version=__version__),
        asked=Asked(pid=which.pid, port=which.port, version=which.version),
        process=sight.process,
        settings=msgspec.to_builtins(sight.settings),
        gaps=sight.seen.gaps,
        sockets=tuple(entry_of(one, sight.settings) for one in sight.seen.sockets),
    )
    return found if redact is None else redact(found)


def entry_of(one: LiveSocket, settings: TcpSettings | None) -> SocketEntry:
    """Say of a socket what it is, what it waits for, and which limit fires first."""
    row = one.socket
    limits = outlook(one, settings)
    return SocketEntry(
        state=row.state.name,
        family=row.family,
        local=row.source,
        local_port=row.source_port,
        remote=row.destination,
        remote_port=row.destination_port,
        timer=row.timer.name.lower(),
        expires_s=round(row.expires_s, _PLACES),
        retransmits=row.retransmits,
        receive_queue=row.receive_queue,
        send_queue=row.send_queue,
        uid=row.uid,
        inode=row.inode,
        interface_index=row.interface,
        mark=row.mark,
        only_v6=row.only_v6,
        processes=tuple(
            SocketProcess(pid=it.pid, name=it.name, descriptor=it.descriptor) for it in one.holders
        ),
        troubles=tuple(it.says for it in troubles(row)),
        limits=tuple(map(_limit, limits.limits)),
        first=_limit(limits.first) if limits.first else None,
        options=_options(one.options),
        why=one.why,
        info=msgspec.to_builtins(row.info),
    )


def _limit(one: Limit) -> LimitEntry:
    return LimitEntry(
        name=one.name,
        says=one.says,
        in_s=None if one.in_s is None else round(one.in_s, _PLACES),
        limit_s=None if one.limit_s is None else round(one.limit_s, _PLACES),
        error=one.error,
    )


def _options(options: SocketOptions | None) -> dict[str, Any] | None:
    """The options; the device under the name that all reports have for interfaces."""
    if options is None:
        return None
    found: dict[str, Any] = msgspec.to_builtins(options)
    found["interface"] = found.pop("device")
    return found
