"""Names of hops: asked for in the background as the hops come up, and waited for by nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome, ResolveFact, TraceFact
from layerwalk.probes.resolve.settings import Files, here

MOST = 64
"""How many addresses of a walk are asked about."""

_AT_ONCE = 8
_PATIENCE_S = 0.05

Ask = Callable[[str, str, ProbeContext], str | None]


def _reverse(address: str, server: str, ctx: ProbeContext) -> str | None:
    # Late: where no nameserver is configured nobody is asked, and what asks takes a while to load.
    from layerwalk.probes.resolve.reverse import reverse

    return reverse(address, server, ctx)


class HopNames:
    """Asks one configured nameserver, and stops at the first question that it leaves unanswered.

    ``tell`` hears of each name from another thread, ``settled`` when none is outstanding.
    """

    def __init__(
        self,
        ctx: ProbeContext,
        tell: Callable[[str, str], None],
        settled: Callable[[], None],
        ask: Ask = _reverse,
    ) -> None:
        self._ctx, self._tell, self._settled, self._ask = ctx, tell, settled, ask
        self._lock = threading.Condition()
        self._asked: set[str] = set()
        self._pending = 0
        self._pool = ThreadPoolExecutor(_AT_ONCE, "names")

    def want(self, addresses: Iterable[str], server: str) -> None:
        """Ask for the names of these addresses, each once; not without a nameserver."""
        with self._lock:
            fresh = [it for it in dict.fromkeys(addresses) if it not in self._asked]
            fresh = fresh[: max(0, MOST - len(self._asked))]
            if not server or self._ctx.cancel.is_set() or not fresh:
                return
            self._asked.update(fresh)
            self._pending += len(fresh)
        for address in fresh:
            self._pool.submit(self._look_up, address, server).add_done_callback(self._over)

    def hear(self, fact: TraceFact, resolved: tuple[str, ResolveFact] | None) -> None:
        """Ask for the names of all that have answered on a path."""
        answers = (one.answer for one in fact.tries if one.answer)
        server = willing_server(resolved[1] if resolved else None)
        self.want((answer.responder for answer in answers), server)

    def close(self) -> None:
        """Wait a moment for what is outstanding, and no longer."""
        deadline = time.monotonic() + _PATIENCE_S
        with self._lock:
            while self._pending and (left := deadline - time.monotonic()) > 0:
                self._lock.wait(left)
        self._ctx.cancel.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look_up(self, address: str, server: str) -> None:
        if self._ctx.cancel.is_set():
            return
        name = self._ask(address, server, self._ctx)
        if name is None:
            self._ctx.cancel.set()
        elif name:
            self._tell(address, name)

    def _over(self, _future: Future[None]) -> None:
        with self._lock:
            self._pending -= 1
            done = not self._pending
            self._lock.notify_all()
        if done and not self._ctx.cancel.is_set():
            self._settled()


def willing_server(resolved: ResolveFact | None) -> str:
    """The nameserver to ask: one that has answered; empty where all that were asked failed.

    Where none was asked, as the target is an address, that is the first that is configured.
    """
    if resolved is not None and resolved.nameservers:
        good = (it.server for it in resolved.nameservers if it.outcome is Outcome.ANSWERED)
        return next(good, "")
    settings = here(Files())
    return "" if settings.defaulted else next(iter(settings.nameservers), "")
