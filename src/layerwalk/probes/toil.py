"""What a service's threads do while a connection of ours waits for them: run, or wait to run.

A thread that serves us may begin after the first look at its process and have ended before the
last, and a child as well; so they are looked at while we wait (kernel's sched-stats, proc(5)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from layerwalk.probes.resources.figures import HERE, Files
from layerwalk.probes.resources.threads import Thread, ids_of, thread

_MOST = 64


@dataclass
class Toil:
    """Processes and what came of them; seconds that they ran, and waited for a processor."""

    pids: tuple[int, ...]
    files: Files = HERE
    ran_s: float = 0.0
    waited_s: float = 0.0
    _before: dict[str, Thread] | None = field(default=None)

    def look(self) -> None:
        """Look once more; what is new has begun since the look before."""
        now = dict(islice(self._threads(), _MOST))
        if self._before is not None:
            for key, one in now.items():
                was = self._before.get(key, _UNBORN)
                self.ran_s += max(one.ran_s - was.ran_s, 0.0)
                self.waited_s += max(one.waited_s - was.waited_s, 0.0)
        self._before = now

    def _threads(self) -> Iterator[tuple[str, Thread]]:
        left, seen = [str(pid) for pid in self.pids], set[str]()
        while left:
            pid = left.pop()
            if pid in seen:
                continue
            seen.add(pid)
            for tid in ids_of(self.files, pid):
                yield tid, thread(self.files, pid, tid)
                left += self.files.text(f"/proc/{pid}/task/{tid}/children").split()


_UNBORN = Thread(ran_s=0.0, waited_s=0.0, state="", major_faults=0)
