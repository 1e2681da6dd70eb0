"""What this machine's own counters do from a walk's first packet to its last."""

from __future__ import annotations

from layerwalk.probes.connection_tracking import TrackingWatch
from layerwalk.probes.facts import Evidence, Fact
from layerwalk.probes.kernel_counts import KernelWatch
from layerwalk.session.findings import Findings
from layerwalk.session.telling import Teller


class OwnCounts:
    """Looks when it is made, and again at the end: both from the walk's own thread."""

    def __init__(self) -> None:
        self._watches = (TrackingWatch(), KernelWatch())

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What came of it by now."""
        return tuple(watch.fact() for watch in self._watches)

    def end(self, findings: Findings, teller: Teller) -> None:
        """End the evidence with it."""
        for fact in self.facts:
            found = Evidence(id="", fact=fact, step=fact.probe, seconds=teller.now())
            teller.step_ended(fact.probe, findings.add(found))
