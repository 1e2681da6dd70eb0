"""What this machine's own counters say of packets that get lost before the wire, or behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import endpoint


@dataclass(frozen=True, kw_only=True)
class CountersFact(Fact):
    """The kernel's counters around a burst of ``sent`` SYNs (kernel's snmp_counter).

    ``unsent`` is how many of them certainly never left: other traffic can only hide some.
    ``undelivered`` is how many packets came in meanwhile and were given to nobody, ``quiet`` how
    many in an equally long time without a burst, and ``reversed`` how many of them the reverse
    path filter dropped.
    """

    probe: ClassVar[str] = "counters"
    layer: ClassVar[int] = 4

    address: str
    port: int
    sent: int = 0
    unsent: int = 0
    undelivered: int = 0
    quiet: int = 0
    reversed: int = 0

    @property
    def keeps_back(self) -> bool:
        """Whether this machine does not let the SYNs out."""
        return 0 < self.sent <= 2 * self.unsent

    @property
    def loses_answers(self) -> bool:
        """Whether an answer to each SYN came in, and this machine dropped it by some rule."""
        many = 0 < self.sent <= self.undelivered
        return many and 4 * self.quiet <= self.sent and 2 * self.reversed <= self.sent

    @property
    def finding(self) -> str:
        """What of the burst got lost on this machine."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        where = endpoint(self.address, self.port)
        if self.keeps_back:
            return f"of {self.sent} SYNs to {where} at least {self.unsent} never left this machine"
        if self.undelivered:
            return (
                f"after {self.sent} SYNs to {where} {self.undelivered} packets came in and were "
                f"given to nobody ({self.quiet} in a quiet time as long)"
            )
        return f"{self.sent} SYNs to {where} left this machine, and nothing that came in got lost"

    @property
    def command(self) -> str:
        """The same counters by hand."""
        return "nstat -az | grep -E 'OutTransmits|OutRequests|InReceives|InDelivers'"
