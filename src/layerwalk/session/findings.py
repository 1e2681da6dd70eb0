"""The evidence of a walk as it grows: each piece has a number of its own, for ever."""

from __future__ import annotations

from dataclasses import replace

from layerwalk.probes.facts import Evidence, Fact, ResolveFact


class Findings:
    """What was found so far, in the order of coming. For the walk's own thread.

    ``unheard`` are the nameservers while none of them has answered.
    """

    def __init__(self) -> None:
        self.evidence: tuple[Evidence, ...] = ()
        self.unheard: tuple[str, ...] = ()
        self._count = 0

    def add(self, evidence: Evidence) -> Evidence:
        """Number a piece of evidence and keep it."""
        self._count += 1
        numbered = replace(evidence, id=f"e{self._count}")
        self.evidence = (*self.evidence, numbered)
        return numbered

    def glimpse(self, fact: Fact) -> None:
        """Take note of a fact that is still growing; the only call from a probe's own thread."""
        if isinstance(fact, ResolveFact):
            self.unheard = tuple(answer.server for answer in fact.nameservers)

    def take_back(self, identifier: str) -> None:
        """Drop a piece; its number is not given again."""
        self.evidence = tuple(one for one in self.evidence if one.id != identifier)
