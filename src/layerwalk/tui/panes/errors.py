"""Pasted error lines as rows, and all that one of them says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from layerwalk.session.error_lines import ErrorLine
from layerwalk.session.plain import shortened
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.cells import Cell, Row

PHASES = {
    "name": "looking the name up",
    "connect": "connecting",
    "tls": "TLS handshake",
    "read": "waiting for an answer",
    "unknown": "not said",
}
TIMERS = {
    "kernel": "the kernel's",
    "program": "the program's own limit",
    "none": "nobody's: no time ran out",
    "unknown": "not said",
}
_SHOWN = 400


def error_rows(errors: Sequence[ErrorLine], lettering: Lettering) -> list[Row]:
    """Make the rows of the failures in a text, keyed by their places."""
    return [_row(str(place), it, lettering) for place, it in enumerate(errors)]


def error_text(error: ErrorLine, lettering: Lettering) -> Content:
    """Tell what a line says, and what that means."""
    lines = [
        Content.assemble((f"{label:<9}", "bold"), lettering.text(text))
        for label, text in _said(error)
    ]
    return Content("\n").join([*lines, Content(""), Content(lettering.text(error.meaning))])


def _row(key: str, error: ErrorLine, lettering: Lettering) -> Row:
    target = lettering.text(error.target.input if error.target else "")
    return Row(
        key=key,
        cells={
            "target": Cell(target),
            "phase": Cell(PHASES[error.entry.phase]),
            "error": Cell(lettering.text(error.entry.errno)),
            "program": Cell(lettering.text(error.entry.runtime)),
        },
        whole=target,
    )


def _said(error: ErrorLine) -> Iterator[tuple[str, str]]:
    entry, target = error.entry, error.target
    yield "Line", shortened(entry.text, _SHOWN)
    if target is not None:
        yield "Target", f"{target.input} ({target.scheme})"
        if target.addresses:
            yield "Also", f"{', '.join(target.addresses)}: tried besides the name's own addresses"
    yield "While", PHASES[entry.phase]
    yield "Timer", TIMERS[entry.timer]
    if entry.limit_s is not None:
        yield "Limit", f"{entry.limit_s:g} s, which counts as --timeout unless one is given"
