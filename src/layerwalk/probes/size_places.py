"""Where large packets get lost: each hop is to report one that expires there, and a small one.

A hop that reports the small one and not the large one has not seen the large one. Where a hop
reports neither it may only be tired of reporting (a Linux router gives six, then one a second), so
it is asked once more when it has rested.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from layerwalk.probes.facts import Answer, AnswerKind, HopSize
from layerwalk.probes.sizes import Sizer

FARTHEST = 12
RESTED_S = 1.15
_SPARE = 2


def hops_to(distance: int) -> list[int]:
    """All on the way; one or two more, because the way back may be the shorter one."""
    return list(range(1, distance + _SPARE if distance else FARTHEST + 1))


@dataclass
class Places:
    """The hops that reported a packet of the large size, and those that reported a small one."""

    sizer: Sizer
    small: int
    large: int
    distance: int = 0
    large_at: dict[int, Answer] = field(default_factory=dict)
    small_at: dict[int, Answer] = field(default_factory=dict)
    asked_s: float = 0.0

    def ask(self) -> None:
        """Ask each hop for both; those beyond the last that saw a large one, twice for that."""
        self.asked_s = self.sizer.ctx.clock()
        self._ask([self.large, self.small], self._hops())
        self._ask([self.large], self._beyond())

    def ask_again(self) -> None:
        """Ask those that reported nothing, once they have rested, if it makes a difference."""
        tired = self._tired()
        ctx = self.sizer.ctx
        if tired and not ctx.pause(self.asked_s + RESTED_S - ctx.clock()):
            self._ask([self.large, self.small], tired)

    @property
    def reached(self) -> Answer | None:
        """The report of the last hop that saw a large packet."""
        return self.large_at[max(self.large_at)] if self.large_at else None

    def sizes(self) -> tuple[HopSize, ...]:
        """What is known of each hop that reported anything."""
        known = {**self.small_at, **self.large_at}
        return tuple(
            HopSize(
                hop=hop,
                address=answer.responder,
                out=self.large if hop in self.large_at else 0,
                small=hop in self.small_at,
            )
            for hop, answer in sorted(known.items())
        )

    def _last(self) -> int:
        return max(self.large_at, default=0)

    def _hops(self) -> list[int]:
        return hops_to(self.distance)

    def _beyond(self) -> list[int]:
        return [hop for hop in self._hops() if hop > self._last()]

    def _tired(self) -> list[int]:
        """The hops behind the last that saw one, up to the first that saw only the small one."""
        first = min((hop for hop in self.small_at if hop > self._last()), default=self.distance)
        return [hop for hop in self._beyond() if hop < first or not first]

    def _ask(self, sizes: list[int], hops: list[int]) -> None:
        if not hops:
            return
        found = self.sizer.expire(sizes, hops)
        for size, places in ((self.large, self.large_at), (self.small, self.small_at)):
            for answer in found.get(size, []):
                if answer.kind is AnswerKind.TIME_EXCEEDED:
                    places[answer.hop] = answer
