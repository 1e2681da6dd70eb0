"""``layerwalk sockets``: live sockets as a table, one by one, or as JSON."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator

import msgspec

from layerwalk.session.plain import plain
from layerwalk.session.sockets import Sight, Which, details, look, nameless, report_of, table
from layerwalk.tui import statuses
from layerwalk.tui.console import hand_out, say
from layerwalk.tui.requests import Detail, Sockets

NARROWEST, WIDEST = 60, 120
_MANY = 50
"""More sockets than these are written in a table, whatever was asked for."""


def show_sockets(request: Sockets) -> int:
    """Print the sockets that are asked for.

    Raises:
        BadInput: there is no such process, or the kernel does not tell.
    """
    sight = look(Which(pid=request.pid, port=request.port, version=request.version))
    if request.json:
        found = report_of(sight, request.redact)
        hand_out((msgspec.json.format(msgspec.json.encode(found), indent=2), b"\n"))
        return statuses.HEALTHY
    lines = _lines(sight, request)
    if request.redact:
        lines = map(request.redact.text, lines)
    say("".join(f"{line.rstrip()}\n" for line in lines))
    return statuses.HEALTHY


def _lines(sight: Sight, request: Sockets) -> Iterator[str]:
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    if request.redact:
        sight = nameless(sight)
    yield _title(sight)
    yield ""
    if _short(sight, request):
        yield from table(sight, width, folded=request.detail is not Detail.ALL)
    else:
        found = report_of(sight, request.redact)
        yield from _apart(details(one, width) for one in found.sockets)
    for gap in sight.seen.gaps if request.detail is not Detail.LITTLE else ():
        yield ""
        yield from textwrap.wrap(f"not seen: {gap}", width, subsequent_indent="  ")


def _title(sight: Sight) -> str:
    which = sight.which
    kind = f"IPv{which.version} sockets" if which.version else "TCP sockets"
    count = f"{len(sight.seen.sockets)} {kind}".removesuffix("s" * (len(sight.seen.sockets) == 1))
    if which.pid is not None:
        return f"{plain(sight.process) or 'process'} ({which.pid}): {count}"
    return f"port {which.port}: {count}" if which.port else count


def _short(sight: Sight, request: Sockets) -> bool:
    """Whether a table says it better: where nothing was singled out, or much was."""
    everything = request.pid is None and request.port is None
    return everything or request.detail is Detail.LITTLE or len(sight.seen.sockets) > _MANY


def _apart(blocks: Iterable[list[str]]) -> Iterator[str]:
    """Put an empty line between blocks."""
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from block
