"""Opening the wire, where this process has the right to."""

from __future__ import annotations

from layerwalk.probes.wire.wire import Wire


def open_wire() -> Wire | None:
    """Open the wire; ``None`` where raw sockets are not permitted or not there."""
    try:
        return Wire()
    except OSError:
        return None
