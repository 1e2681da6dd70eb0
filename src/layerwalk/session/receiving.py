"""Watching what the walk's own sockets drop, and during which measurements they do."""

from __future__ import annotations

from collections.abc import Iterable

from layerwalk.probes.facts import ReceiveFact
from layerwalk.probes.wire.wire import Wire


class Receiving:
    """Asks the wire again and again; whatever ran since it was asked last may have suffered."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._dropped = 0
        self._during: dict[str, None] = {}

    def look(self, running: Iterable[str]) -> None:
        """Note these measurements, where anything was dropped since the last look."""
        dropped = self._wire.dropped()
        if dropped > self._dropped:
            self._dropped = dropped
            self._during.update(dict.fromkeys(running))

    @property
    def fact(self) -> ReceiveFact | None:
        """What came of it; ``None`` where nothing was dropped."""
        if not self._dropped:
            return None
        return ReceiveFact(dropped=self._dropped, during=tuple(self._during))
