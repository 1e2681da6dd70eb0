"""Asking ports until all are known, or until told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from layerwalk.probes.facts.ports import Fate
from layerwalk.probes.scan.carrier import Carrier
from layerwalk.probes.scan.schedule import Schedule

_LOOK_S = 0.1
_LEAVING_S = 0.2
"""How long a scan that was stopped still takes back what it may have left half open."""


@dataclass
class Rounds:
    """A scan under way; ``sent`` counts the packets of ours, ``dropped`` what did not fit in."""

    carrier: Carrier
    schedule: Schedule
    cancel: threading.Event
    clock: Callable[[], float] = time.monotonic
    sent: int = 0
    dropped: int = 0

    def run(self) -> Iterator[tuple[int, Fate]]:
        """Ask; gives what became of every port that was asked to its end, in order."""
        while not self.cancel.is_set():
            self._ask()
            self._hear(min(self.schedule.wait_s(self.clock()), _LOOK_S))
            if self.schedule.done() and not self._missed():
                break
        if self.carrier.half_open:
            self._take_back()
        return self.schedule.told()

    def _ask(self) -> None:
        pace = self.schedule.pace
        most = min(pace.credit(self.clock()), self.carrier.room)
        batch = self.schedule.next(most) if most > 0 else None
        if batch is None:
            return
        began = self.clock()
        count, refused = self.carrier.ask(batch.ports)
        pace.spend(count)
        self.sent += count
        self.schedule.sent(batch, count, (began, self.clock()))
        if refused:
            self.schedule.refuse(refused)

    def _hear(self, seconds: float) -> None:
        """Take in what has come, all of it, before anything is held to be silent."""
        replies = self.carrier.replies(seconds)
        now = self.clock()
        while replies:
            self.schedule.heard(replies, now)
            now = self.clock()
            replies = self.carrier.replies(0.0)
        self.carrier.give_up(self.schedule.expire(now))

    def _missed(self) -> bool:
        """Whether answers did not fit in since the last look: then nobody is silent yet."""
        before, self.dropped = self.dropped, self.carrier.dropped()
        if self.dropped > before:
            self.schedule.doubt()
            return not self.schedule.done()
        return False

    def _take_back(self) -> None:
        """Reset whatever may be held half open, at the same pace."""
        left = self.schedule.unsettled()
        pace, until = self.schedule.pace, self.clock() + _LEAVING_S
        while left and not (self.cancel.is_set() and self.clock() > until):
            most = min(pace.credit(self.clock()), self.carrier.room)
            if most < 1:
                self.carrier.replies(min(pace.wait_s(), _LOOK_S))
                continue
            count, refused = self.carrier.take_back(left[:most])
            pace.spend(count)
            self.sent += count
            left = left[count + bool(refused) :]
