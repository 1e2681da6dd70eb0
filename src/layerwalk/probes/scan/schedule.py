"""Which ports to ask next, and what is known of them: sans I/O, so that time can be invented.

A batch of ports leaves at once. When nothing more is to be expected of it, those of it that were
silent are asked again; after enough tries silence is their state.
"""

from __future__ import annotations

import itertools
import math
from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from layerwalk.probes.facts.ports import Fate, Reason, ScanState
from layerwalk.probes.scan.pace import Pace
from layerwalk.probes.scan.patience import Patience
from layerwalk.probes.scan.reasons import Reply

TRIES, MOST_TRIES = 2, 10
"""How often a silent port is asked where nothing gets lost, and at most (as nmap does)."""

_DOUBT = 0.01
"""How many ports a scan may misjudge by bad luck, on average."""

PORTS = 65_536
SILENT: Fate = (ScanState.FILTERED, Reason.NO_RESPONSE, "")


@dataclass
class Batch:
    """Ports that left together, for so many tries, the last at ``when``."""

    ports: array[int]
    tries: int = 0
    when: float = 0.0


class Schedule:
    """The state of a scan of these ports."""

    def __init__(self, ports: Iterable[int], pace: Pace, patience: Patience) -> None:
        self.pace = pace
        self.patience = patience
        self.asked = self.known = 0
        self.prompt = self.late = 0
        self.refused: set[int] = set()
        self.slowest_s = 0.0
        self._fates: list[Fate | None] = [None] * PORTS
        self._alike: dict[Fate, Fate] = {}
        self._asked = array("d", bytes(8 * PORTS))
        self._before = array("d", bytes(8 * PORTS))
        self._fresh = deque([Batch(array("H", ports))])
        self._again: deque[Batch] = deque()
        self._waiting: deque[Batch] = deque()
        self._silent: list[Batch] = []
        self._eased = 0.0
        self._more_tries = 0

    @property
    def tries(self) -> int:
        """How often silence must have been met to count.

        Where a share of the answers was lost, as often as makes a mistake unlikely.
        """
        lost = self.late / max(self.known, 1)
        needed = 0
        if lost:
            needed = math.ceil(math.log(_DOUBT / self.asked) / math.log(min(lost, 0.9)))
        return min(max(TRIES + self._more_tries, needed), MOST_TRIES)

    def next(self, most: int) -> Batch | None:
        """Take the ports to ask now; silent ones go first."""
        queue = self._again or self._fresh
        if not queue:
            return None
        batch = queue[0]
        if len(batch.ports) <= most:
            return queue.popleft()
        taken = Batch(batch.ports[:most], batch.tries, batch.when)
        batch.ports = batch.ports[most:]
        return taken

    def sent(self, batch: Batch, count: int, when: tuple[float, float]) -> None:
        """Note that the first ``count`` ports of a batch were asked; the rest still has to be.

        ``when`` is before the first of them left, and after the last did.
        """
        if count < len(batch.ports):
            rest = Batch(batch.ports[count:], batch.tries, batch.when)
            (self._again if batch.tries else self._fresh).appendleft(rest)
        if not count:
            return
        asked = batch.ports[:count]
        if batch.tries:
            for port in asked:
                self._before[port] = self._asked[port]
        else:
            self.asked += count
        for port in asked:
            self._asked[port] = when[0]
        self._waiting.append(Batch(asked, batch.tries + 1, when[1]))

    def refuse(self, port: int) -> None:
        """Note that this machine would not let a port be asked, which is the next one."""
        self.refused.add(port)
        queue = self._again if self._asked[port] else self._fresh
        batch = queue.popleft()
        if batch.ports[1:]:
            queue.appendleft(Batch(batch.ports[1:], batch.tries, batch.when))

    def heard(self, replies: Iterable[Reply], now: float) -> None:
        """Take in replies."""
        slowest = 0.0
        for port, state, reason, by in replies:
            known, fate = self._fates[port], (state, reason, by)
            if not self._asked[port] or (known and known[0] is not ScanState.FILTERED):
                continue
            if state is not ScanState.FILTERED:
                slowest = max(slowest, self._answered(port, now))
            elif known:
                continue
            self.known += known is None
            self._fates[port] = self._alike.setdefault(fate, fate)
        if slowest:
            self.patience.learn(slowest)
            self.slowest_s = max(self.slowest_s, slowest)

    def _answered(self, port: int, now: float) -> float:
        """Note an answer of the port itself; gives its round trip, 0 where that is not known.

        One that had to be asked again is a loss. Once the rate was halved for it, others that had
        been lost before count no more: they knew nothing of it.
        """
        before = self._before[port]
        if not before:
            self.prompt += 1
            return now - self._asked[port]
        self.late += 1
        if before > self._eased:
            self.pace.halve()
            self._eased = now
        return 0.0

    def expire(self, now: float) -> array[int]:
        """Give the silent ports of whose last question nothing more is to be expected."""
        if self.known >= self.asked:
            self._waiting.clear()  # everyone has answered
        gone = array("H")
        while self._waiting and now >= self._waiting[0].when + self.patience.seconds:
            batch = self._waiting.popleft()
            batch.ports = self._still(batch.ports)
            if batch.ports:
                gone += batch.ports
                (self._silent if batch.tries >= self.tries else self._again).append(batch)
        return gone

    def done(self) -> bool:
        """Whether every port is known; those that fell silent too soon are asked again."""
        if self._fresh or self._again or self._waiting:
            return False
        tries = self.tries
        for batch in self._silent:
            batch.ports = self._still(batch.ports)
        again = [batch for batch in self._silent if batch.ports and batch.tries < tries]
        self._silent = [batch for batch in self._silent if batch.tries >= tries]
        self._again.extend(again)
        return not again

    def doubt(self) -> None:
        """Have all silent ports asked once more, and slower: answers may have been missed here."""
        self._more_tries += 1
        self.pace.halve()

    def wait_s(self, now: float) -> float:
        """How long nothing is to be done unless something comes in."""
        due = self._waiting[0].when + self.patience.seconds - now if self._waiting else math.inf
        ready = self.pace.wait_s() if self._fresh or self._again else math.inf
        return max(0.0, min(due, ready))

    def told(self) -> Iterator[tuple[int, Fate]]:
        """Every port that was asked to its end, in order, and what became of it."""
        found, tries = list(self._fates), self.tries
        ended = [batch.ports for batch in self._silent if batch.tries >= tries]
        for port in itertools.chain(self.refused, *ended):
            found[port] = found[port] or SILENT
        return ((port, fate) for port, fate in enumerate(found) if fate)

    def unsettled(self) -> array[int]:
        """The ports that may be held half open: open ones, and those that have not answered."""
        asked = (port for port, when in enumerate(self._asked) if when)
        return array("H", (port for port in asked if _may_be_open(self._fates[port])))

    def _still(self, ports: Iterable[int]) -> array[int]:
        return array("H", (port for port in ports if self._fates[port] is None))


def _may_be_open(fate: Fate | None) -> bool:
    return fate is None or fate[0] is ScanState.OPEN
