"""A target that is made up, and a clock that goes only when somebody waits."""

from __future__ import annotations

import heapq
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from layerwalk.probes.facts.ports import Fate, Reason, ScanState
from layerwalk.probes.scan.carrier import Sent
from layerwalk.probes.scan.pace import Pace
from layerwalk.probes.scan.patience import Patience
from layerwalk.probes.scan.reasons import Reply
from layerwalk.probes.scan.rounds import Rounds
from layerwalk.probes.scan.schedule import Schedule

OPEN = (ScanState.OPEN, Reason.SYN_ACK, "")
CLOSED = (ScanState.CLOSED, Reason.RESET, "")
SILENT = (ScanState.FILTERED, Reason.NO_RESPONSE, "")
RTT_S = 0.01
_TICK_S = 1e-5


@dataclass
class Target:
    """Answers as ``fates`` says; loses a share of what comes and goes, and repeats and reorders."""

    fates: Callable[[int], Fate]
    lost: float = 0.0
    repeats: int = 1
    jitter_s: float = 0.0
    room: int = 256
    refused: int = 0
    half_open: bool = True
    now: float = 100.0
    drops: list[int] = field(default_factory=list)
    random: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # chance that repeats

    def __post_init__(self) -> None:
        self.asked: Counter[int] = Counter()
        self.sent_at: list[float] = []
        self.taken_back: list[int] = []
        self._coming: list[tuple[float, int, Reply]] = []
        self._dropped = 0

    def clock(self) -> float:
        return self.now

    def ask(self, ports: Sequence[int]) -> Sent:
        for place, port in enumerate(ports):
            if port == self.refused:
                return Sent(place, port)
            self._take(port)
        return Sent(len(ports))

    def _take(self, port: int) -> None:
        self.asked[port] += 1
        self.sent_at.append(self.now)
        fate = self.fates(port)
        if fate == SILENT or self.random.random() < self.lost:
            return
        for _ in range(self.repeats):
            when = self.now + RTT_S + self.random.random() * self.jitter_s
            heapq.heappush(self._coming, (when, len(self.sent_at), Reply(port, *fate)))

    def replies(self, seconds: float) -> list[Reply]:
        """Wait, which is all that makes time go by here."""
        until = self.now + (max(seconds, _TICK_S) if seconds else 0.0)
        self.now = min(until, max(self._coming[0][0], self.now)) if self._coming else until
        found = []
        while self._coming and self._coming[0][0] <= self.now:
            found.append(heapq.heappop(self._coming)[2])
        return found

    def give_up(self, ports: Sequence[int]) -> None:
        pass

    def take_back(self, ports: Sequence[int]) -> Sent:
        self.taken_back += ports
        self.sent_at += [self.now] * len(ports)
        return Sent(len(ports))

    def dropped(self) -> int:
        self._dropped += self.drops.pop(0) if self.drops else 0
        return self._dropped

    def close(self) -> None:
        pass


@dataclass
class Scanned:
    fared: dict[int, Fate]
    rounds: Rounds
    schedule: Schedule


def scanned(
    target: Target,
    ports: Sequence[int],
    rate: int = 1000,
    cancel: threading.Event | None = None,
) -> Scanned:
    schedule = Schedule(ports, Pace(rate, target.now), Patience(RTT_S))
    rounds = Rounds(target, schedule, cancel or threading.Event(), target.clock)
    return Scanned(dict(rounds.run()), rounds, schedule)
