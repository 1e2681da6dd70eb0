"""Live sockets as rows: those that wait for something first, as they were put in order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from layerwalk.diagnosis.socket_limits.limit import about
from layerwalk.probes.facts.live_sockets import LiveSocket
from layerwalk.session.sockets import Sight, SocketEntry, Which, details, entry_of
from layerwalk.session.sockets.details import end, ends, held_by
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import TONES, Cell, Row, Tone
from layerwalk.tui.panes.details import Details

MOST = 2000
"""More rows than these nobody reads, and to fit them to a width takes long."""

Veil = Callable[[str], str]
"""Replaces what must not be seen in a text."""


def socket_rows(sight: Sight, lettering: Lettering, veil: Veil = str) -> list[Row]:
    """Make the rows of the sockets that come first."""
    seen = sight.seen.sockets[:MOST]
    return [
        _row(key_of(one), entry_of(one, sight.settings), lambda it: lettering.text(veil(it)), mark)
        for one, mark in ((one, lettering.sign) for one in seen)
    ]


def key_of(one: LiveSocket) -> str:
    """Name a socket for as long as it lives."""
    row = one.socket
    near, far = end(row.source, row.source_port), end(row.destination, row.destination_port)
    return f"{row.cookie or row.inode} {near} {far}"


def _row(
    key: str, entry: SocketEntry, text: Callable[[str], str], mark: Callable[[Sign], str]
) -> Row:
    worth = "; ".join(entry.troubles)
    sign = Sign.OPEN if entry.troubles else Sign.NONE
    listens = entry.state == "LISTEN"
    says = worth or _first(entry)
    whose = held_by(entry)
    whole = [ends(entry), whose, says]
    sent = "?" if entry.send_queue is None else str(entry.send_queue)
    return Row(
        key=key,
        cells={
            "state": Cell(f"{mark(sign)} {entry.state}", TONES[sign]),
            "local": Cell(text(end(entry.local, entry.local_port))),
            "remote": Cell("" if listens else text(end(entry.remote, entry.remote_port))),
            "received": Cell(str(entry.receive_queue)),
            "sent": Cell(sent),
            "whose": Cell(text(whose), Tone.STRONG),
            "says": Cell(text(says), Tone.OPEN if worth else Tone.QUIET),
        },
        whole=text("  ".join(part for part in whole if part)),
    )


def _first(entry: SocketEntry) -> str:
    first = entry.first
    if first is None or first.in_s is None:
        return ""
    error = f" ({first.error})" if first.error else ""
    return f"in {about(first.in_s)}{error}: {first.says}"


def socket_details(
    one: LiveSocket, sight: Sight, width: int, lettering: Lettering, veil: Veil = str
) -> Details:
    """Tell all about a socket: what it waits for, what ends that first, and what it has set."""
    entry = entry_of(one, sight.settings)
    lines = (lettering.text(veil(line)) for line in details(entry, max(width, _LEAST)))
    near, far = end(entry.local, entry.local_port), end(entry.remote, entry.remote_port)
    where = (
        f"sport = :{entry.local_port}" if entry.state == "LISTEN" else f"src {near} and dst {far}"
    )
    command = f"ss -tanoemip '{where}'"
    shown = lettering.text(veil(command))
    content = Content("\n").join(
        [
            *map(Content, lines),
            Content(""),
            Content.styled("To see much of it by hand", "bold"),
            Content(shown),
        ]
    )
    return Details(f"Socket of {lettering.text(held_by(entry)) or 'nobody known'}", content, shown)


_LEAST = 40


def which_in_words(which: Which) -> str:
    """Name the sockets that are meant."""
    parts = [f"of process {which.pid}" if which.pid is not None else ""]
    parts += [f"with port {which.port} on either end" if which.port is not None else ""]
    return " ".join(part for part in parts if part) or "of this machine"


def nothing_seen(which: Which) -> str:
    """Say, where the sockets would stand, that there are none."""
    return (
        f"There is no TCP socket {which_in_words(which)} now. A connection that failed leaves "
        "none. r looks again, f asks for those of a process, with a port, or all."
    )


def socket_note(sight: Sight, rows: Sequence[Row]) -> str:
    """Count them, and say how many are worth a look."""
    count, shown = len(sight.seen.sockets), len(rows)
    worth = sum(row.cells["says"].tone is Tone.OPEN for row in rows)
    parts = [f"{shown} of {count}" if shown < count else str(count)]
    parts += [f"{worth} worth a look"] if worth else []
    return ", ".join(parts)
