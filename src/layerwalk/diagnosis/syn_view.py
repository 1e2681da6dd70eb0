"""What is known of SYNs to the port: how they fare, and whether that depends on the SYN."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.way_out import WayOut
from layerwalk.probes.facts import (
    FlowsFact,
    LossFact,
    Outcome,
    PortsFact,
    PortState,
    SynFact,
    SynOptionsFact,
    Tally,
)


@dataclass(frozen=True)
class SynView(WayOut):
    """The SYNs of this walk, by what was asked with them."""

    @cached_property
    def syns(self) -> tuple[SynFact, ...]:
        """The looks at the port that were really taken."""
        return tuple(f for _, f in self.all(SynFact) if f.outcome.measured)

    @property
    def half_open(self) -> bool:
        """Whether the port was looked at with packets of our own, past this machine's own TCP."""
        return any(fact.half_open for fact in self.syns)

    @property
    def loss(self) -> LossFact | None:
        """How many packets get lost, if that was sampled."""
        fact = self.last(LossFact)
        return fact if fact and fact.outcome.measured else self.scan_sample

    @property
    def scan(self) -> PortsFact | None:
        """The state of the ports that a person named, if they were asked."""
        return self.last(PortsFact)

    @property
    def scan_sample(self) -> LossFact | None:
        """How many packets get lost, where a scan of many ports shows that none do."""
        scan = self.scan
        if scan is None or not scan.lossless:
            return None
        tally = Tally(kind="SYN", sent=scan.prompt, answered=scan.prompt)
        return LossFact(outcome=Outcome.ANSWERED, address=scan.address, tallies=(tally,))

    @property
    def options(self) -> SynOptionsFact | None:
        """How SYNs with and without options fare, if that was compared."""
        fact = self.last(SynOptionsFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def flows(self) -> FlowsFact | None:
        """How other source ports fare, if they were tried."""
        fact = self.last(FlowsFact)
        return fact if fact and fact.outcome.measured else None

    @property
    def differs_by_flow(self) -> bool:
        """Whether some source ports never get an answer, while others always do."""
        return self.flows is not None and self.flows.differs

    @property
    def takes_plain_only(self) -> bool:
        """Whether simpler SYNs are answered, and not one of all that the kernel sends at first."""
        if self.options is None or not self.options.vanishes:
            return False
        # Without raw sockets a look may be answered by a SYN that the kernel sent again.
        looked = [fact for fact in self.syns if fact.half_open]
        looks = any(f.state in {PortState.OPEN, PortState.CLOSED} for f in looked)
        sampled = self.loss is not None and bool(self.loss.syn_answer)
        return not (looks or sampled or (self.flows is not None and self.flows.good is not None))

    @property
    def refuses_options(self) -> bool:
        """Whether SYNs without options are taken, and all that the kernel sends are refused."""
        taken = any(fact.state is PortState.OPEN for fact in self.syns)
        return self.options is not None and self.options.refused and not taken
