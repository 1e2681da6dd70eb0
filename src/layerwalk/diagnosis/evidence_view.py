"""The evidence of one address, by kind of fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from layerwalk.probes.facts import (
    AS_CLIENT,
    Evidence,
    Fact,
    PersonFact,
    Standpoint,
    Unmeasured,
)

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class EvidenceView:
    """All evidence of one address; ``port`` is the one that is walked to, if any.

    ``timeout_s`` is how long the failing program waits for its connection, where that is known.
    A ``spare`` address is one that programs need not try: an earlier one takes the connection.
    ``standpoint`` is the end of the connection that this machine is.
    """

    address: str
    port: int | None
    evidence: tuple[Evidence, ...]
    timeout_s: float | None = None
    spare: bool = False
    standpoint: Standpoint = AS_CLIENT

    def all(self, kind: type[F]) -> Iterator[tuple[str, F]]:
        """Every fact of a kind with its id, in the order of arrival."""
        return ((e.id, e.fact) for e in self.evidence if isinstance(e.fact, kind))

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of a kind."""
        found = [fact for _, fact in self.all(kind)]
        return found[-1] if found else None

    def ids(self, *kinds: type[Fact]) -> tuple[str, ...]:
        """The ids of all measured facts of these kinds."""
        return tuple(
            e.id for e in self.evidence if isinstance(e.fact, kinds) and e.fact.outcome.measured
        )

    def looked_for(self, kind: type[F], name: str) -> bool:
        """Whether a fact of a kind is there, or its measurement crashed or was passed over."""
        return self.last(kind) is not None or any(
            (isinstance(e.fact, Unmeasured) and e.fact.name == name)
            or (isinstance(e.fact, PersonFact) and e.fact.question == name)
            for e in self.evidence
        )

    @property
    def bare(self) -> str:
        """The address without a scope, as it stands in packets."""
        return self.address.partition("%")[0]
