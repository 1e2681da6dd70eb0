"""One walk: it asks the tree, runs the probes in threads, and ends with a verdict."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime

from layerwalk import __version__
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, needless, wanted
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import (
    Evidence,
    Fact,
    Outcome,
    ResolveFact,
    Target,
    TraceFact,
    Unmeasured,
)
from layerwalk.probes.rights import Right, keep_only
from layerwalk.probes.wire.opening import open_wire
from layerwalk.probes.wire.wire import Wire
from layerwalk.session import events as ev
from layerwalk.session.entries import entry_of, verdict_of
from layerwalk.session.hops import rows
from layerwalk.session.machine import this_host
from layerwalk.session.options import Options
from layerwalk.session.report import TargetEntry, Tool
from layerwalk.session.state import WalkState, fold
from layerwalk.session.steps import PLANS

_THREADS = 24
_LOOK_S = 0.2
_GRACE_S = 0.5


@dataclass(frozen=True)
class _Running:
    """A measurement under way."""

    measure: Measure
    cancel: threading.Event
    began_s: float


class Walk:
    """A diagnosis of one target. ``listen`` hears every event, one at a time."""

    def __init__(
        self,
        target: Target,
        options: Options = Options(),  # noqa: B008 - frozen, so it may be shared
        listen: Callable[[ev.Event], None] = lambda _event: None,
    ) -> None:
        self._target = target
        self._options = options
        self._listen = listen
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._reason = "done"
        self._began = 0.0
        self._state = WalkState()
        self._evidence: list[Evidence] = []
        self._running: dict[Future[Fact], _Running] = {}
        self._wire: Wire | None = None

    @property
    def state(self) -> WalkState:
        """What is known so far."""
        return self._state

    def stop(self, reason: str = "interrupted") -> None:
        """End early: the walk then concludes from what it has."""
        with self._lock:
            if not self._stop.is_set():
                self._reason = reason
                self._stop.set()
                for running in self._running.values():
                    running.cancel.set()

    def run(self) -> WalkState:
        """Walk; returns the last state, whose verdict is always there.

        The walk has a thread of its own, which gives up the rights that no probe needs; whoever
        waits for it keeps theirs, to save the report with.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="walk") as alone:
            return alone.submit(self._run).result()

    def _run(self) -> WalkState:
        keep_only(*(() if self._options.unprivileged else Right))
        self._began = time.monotonic()
        self._wire = None if self._options.unprivileged else open_wire()
        self._emit(self._started())
        try:
            with ThreadPoolExecutor(_THREADS, thread_name_prefix="probe") as pool:
                self._loop(pool)
        finally:
            if self._wire:
                self._wire.close()
        self._conclude()
        self._emit(ev.WalkEnded(at_s=self._now(), reason=self._reason))
        return self._state

    def _conclude(self) -> None:
        """Reach the verdict, and leave the path to the address that it is about on show."""
        conclusion = conclude(self._view())
        traces = [e.fact for e in self._evidence if isinstance(e.fact, TraceFact)]
        about = [trace for trace in traces if trace.address == conclusion.address]
        if about and self._state.path_to != conclusion.address:
            path = rows(about)
            self._emit(ev.PathSeen(at_s=self._now(), address=conclusion.address, path=path))
        self._emit(ev.VerdictReached(at_s=self._now(), verdict=verdict_of(conclusion)))

    def _started(self) -> ev.WalkStarted:
        target = self._target
        return ev.WalkStarted(
            at_s=0.0,
            target=TargetEntry(
                input=target.input, host=target.host, port=target.port, scheme=target.scheme
            ),
            tool=Tool(version=__version__),
            host=this_host(raw=self._wire is not None),
            role="client",
            started=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            budget_s=self._options.budget_s,
        )

    def _loop(self, pool: ThreadPoolExecutor) -> None:
        """Start what the tree wants and take in what comes back, until nothing is left."""
        asked: set[Measure] = set()
        while True:
            view = self._view()
            for measure in wanted(view):
                if measure not in asked and not self._stop.is_set():
                    asked.add(measure)
                    self._start(measure, view, pool)
            if not self._running:
                return
            self._cancel_needless(view)
            done, _ = wait(self._running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(future)
            if self._now() > self._options.budget_s - _GRACE_S:
                self.stop("budget")

    def _start(self, measure: Measure, view: WalkView, pool: ThreadPoolExecutor) -> None:
        plan = PLANS[measure.step]
        running = _Running(measure, threading.Event(), self._now())
        context = ProbeContext(cancel=running.cancel, wire=self._wire, progress=self._progress)
        self._emit(
            ev.StepStarted(
                at_s=running.began_s,
                step=_name(measure),
                title=plan.title,
                layer=plan.layer,
                waits_for=plan.waits_for,
                at_most_s=plan.at_most_s,
            )
        )
        future = pool.submit(plan.run, measure, view, context)
        with self._lock:
            self._running[future] = running
            if self._stop.is_set():
                running.cancel.set()

    def _cancel_needless(self, view: WalkView) -> None:
        for measure in needless(view):
            for running in self._running.values():
                if running.measure == measure:
                    running.cancel.set()

    def _take(self, future: Future[Fact]) -> None:
        with self._lock:
            running = self._running.pop(future)
        error = future.exception()
        fact = future.result() if error is None else _crashed(running.measure, error)
        evidence = Evidence(
            id=f"e{len(self._evidence) + 1}",
            fact=fact,
            started_s=running.began_s,
            seconds=self._now() - running.began_s,
        )
        self._evidence.append(evidence)
        step = _name(running.measure)
        self._emit(ev.StepEnded(at_s=self._now(), step=step, evidence=entry_of(evidence)))
        if isinstance(fact, ResolveFact | TraceFact):
            self._show(fact)

    def _show(self, fact: Fact) -> None:
        if isinstance(fact, ResolveFact):
            self._emit(ev.AddressesFound(at_s=self._now(), addresses=fact.addresses))
        elif isinstance(fact, TraceFact):
            self._progress(fact)

    def _progress(self, fact: Fact) -> None:
        """Show a path that is still growing."""
        if isinstance(fact, TraceFact):
            known = [e.fact for e in self._evidence if isinstance(e.fact, TraceFact)]
            mine = [one for one in known if one.address == fact.address and one != fact]
            path = rows([*mine, fact])
            self._emit(ev.PathSeen(at_s=self._now(), address=fact.address, path=path))

    def _view(self) -> WalkView:
        return WalkView(self._target, tuple(self._evidence))

    def _now(self) -> float:
        return round(time.monotonic() - self._began, 4)

    def _emit(self, event: ev.Event) -> None:
        with self._lock:
            self._state = fold(self._state, event)
            self._listen(event)


def _name(measure: Measure) -> str:
    words = [str(measure.step), measure.address, str(measure.port or "")]
    return " ".join(word for word in words if word)


def _crashed(measure: Measure, error: BaseException) -> Unmeasured:
    """A probe that raised: its traceback goes into the report, and the walk goes on."""
    return Unmeasured(
        outcome=Outcome.FAILED,
        name=str(measure.step),
        at_layer=PLANS[measure.step].layer,
        subject=measure.address,
        detail="".join(traceback.format_exception(error)),
    )
