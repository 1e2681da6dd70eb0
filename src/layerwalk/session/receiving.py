"""Watching what the walk's own sockets drop, and during which measurements they do."""

from __future__ import annotations

from collections.abc import Iterable

from layerwalk.probes.facts import Evidence, ReceiveFact
from layerwalk.probes.wire.wire import Wire
from layerwalk.session.findings import Findings
from layerwalk.session.telling import Teller


class Receiving:
    """Asks the wire again and again; whatever ran since it was asked last may have suffered."""

    def __init__(self, wire: Wire) -> None:
        self._means = wire.means
        self._dropped = 0
        self._during: dict[str, None] = {}

    def look(self, running: Iterable[str]) -> None:
        """Note these measurements, where anything was dropped since the last look."""
        dropped = self._means.dropped()
        if dropped > self._dropped:
            self._dropped = dropped
            self._during.update(dict.fromkeys(running))

    def end(self, findings: Findings, teller: Teller) -> None:
        """End the evidence with what was dropped, where anything was."""
        self.look(())
        fact = self.fact
        if fact is not None:
            found = Evidence(id="", fact=fact, step=fact.probe, started_s=teller.now())
            teller.step_ended(fact.probe, findings.add(found))

    @property
    def fact(self) -> ReceiveFact | None:
        """What came of it; ``None`` where nothing was dropped."""
        if not self._dropped:
            return None
        return ReceiveFact(dropped=self._dropped, during=tuple(self._during))
