"""The whole walk: the name, and one view for each address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.complaint import Complaint
from layerwalk.probes.facts import (
    Evidence,
    LinksFact,
    NeighbourFact,
    Outcome,
    ResolveFact,
    Target,
    TimersFact,
    Unmeasured,
    family_of,
)

MOST_ADDRESSES = 4
"""How many of a name's addresses are walked."""


@dataclass(frozen=True)
class WalkView:
    """Target and evidence, sorted by what they are about.

    ``timeout_s`` is how long the failing program waits for its connection, ``complaint`` what it
    said; each is ``None`` where nobody told.
    """

    target: Target
    evidence: tuple[Evidence, ...]
    timeout_s: float | None = None
    complaint: Complaint | None = None

    @cached_property
    def resolve(self) -> tuple[str, ResolveFact] | None:
        """The look-up with its id, where the target is a name."""
        found = [(e.id, e.fact) for e in self.evidence if isinstance(e.fact, ResolveFact)]
        return found[-1] if found else None

    @cached_property
    def resolved(self) -> bool:
        """Whether the name's look-up has ended, one way or another."""
        crashed = any(
            isinstance(e.fact, Unmeasured) and e.fact.name == "resolve" for e in self.evidence
        )
        return crashed or self.resolve is not None

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that are walked, in the system's order."""
        if self.target.address is not None:
            return (self.target.host,)
        found = self.resolve[1].addresses if self.resolve else ()
        return found[:MOST_ADDRESSES]

    @cached_property
    def hosts(self) -> tuple[AddressView, ...]:
        """One view for each address that programs would really try.

        An address of a family that this machine has no route for is none, where another has one.
        """
        every = tuple(self.of(address) for address in self.addresses)
        routed = {family_of(host.address) for host in every if host.has_way_out}
        tried = tuple(host for host in every if family_of(host.address) in routed)
        return tried or every

    def of(self, address: str, port: int | None = None) -> AddressView:
        """The evidence of one address: its own, and what holds for the whole machine."""
        chosen = tuple(e for e in self.evidence if _about(e, address))
        number = self.target.port if port is None else port
        return AddressView(address, number, chosen, self.timeout_s)

    @property
    def asks_in_vain(self) -> bool:
        """Whether the name has no address because no nameserver answers anything."""
        if self.resolve is None:
            return False
        fact = self.resolve[1]
        return not fact.addresses and all(
            server.outcome is not Outcome.ANSWERED for server in fact.nameservers
        )

    @cached_property
    def nameservers(self) -> tuple[AddressView, ...]:
        """A view for each nameserver that was asked in vain."""
        if self.resolve is None:
            return ()
        return tuple(self.of(n.server, 53) for n in self.resolve[1].nameservers)


def _about(evidence: Evidence, address: str) -> bool:
    if isinstance(evidence.fact, LinksFact | TimersFact):
        return True
    return address in _subjects(evidence)


def _subjects(evidence: Evidence) -> Iterable[str]:
    fact = evidence.fact
    if isinstance(fact, NeighbourFact):
        return (fact.destination,)
    names = ("destination", "target", "address", "subject")
    return tuple(str(getattr(fact, name)) for name in names if hasattr(fact, name))
