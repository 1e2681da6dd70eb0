"""What was seen of this machine and its processes, as the causes of layer 0 speak of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.probes.facts import (
    ConnectFact,
    IntakeFact,
    MachineFact,
    Moved,
    ProcessFact,
    ProcessSample,
)


@dataclass(frozen=True)
class Resources:
    """The looks at the machine, and at the processes that the connection is about."""

    host: AddressView

    @cached_property
    def machine(self) -> MachineFact | None:
        """The last look at the machine, with the first in it where there were two."""
        found = [fact for _, fact in self.host.all(MachineFact) if fact.outcome.measured]
        return found[-1] if found else None

    @cached_property
    def moved(self) -> MachineFact | None:
        """The two looks at the machine; ``None`` where there was one only."""
        return self.machine if self.machine and self.machine.span_s > 0 else None

    @cached_property
    def process(self) -> ProcessFact | None:
        """The last look at the processes."""
        found = [fact for _, fact in self.host.all(ProcessFact) if fact.outcome.measured]
        return found[-1] if found else None

    @property
    def pairs(self) -> tuple[Moved, ...]:
        """The processes that were seen twice, some time apart, and those that are new."""
        every = self.process.moved if self.process else ()
        return tuple(one for one in every if one.span_s > 0)

    @property
    def every(self) -> Iterator[ProcessSample]:
        """Each process at each look, the last one first."""
        if self.process:
            yield from self.process.processes
            yield from self.process.earlier

    @property
    def unseen(self) -> str:
        """What of the service could not be looked at; empty where all could, or nothing was to."""
        if self.process is None:
            serves = self.host.standpoint.serves
            return "the service's process was not seen" if serves else ""
        return self.process.unseen

    @property
    def named(self) -> bool:
        """Whether these are a failing client's processes, that a person has named."""
        return self.process is not None and not self.host.standpoint.serves

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of all that decides: the last looks hold the first ones."""
        looks = (self.host.ids(MachineFact)[-1:], self.host.ids(ProcessFact)[-1:])
        return (*looks[0], *looks[1], *self.host.ids(IntakeFact, ConnectFact))
