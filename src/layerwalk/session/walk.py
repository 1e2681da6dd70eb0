"""One walk: it asks the tree, runs the probes in threads, and ends with a verdict."""

from __future__ import annotations

import contextvars
import shlex
import threading
import traceback
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tree import Measure, needless
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.context import ProbeContext
from layerwalk.probes.drop_reasons.instance import sweep as sweep_instances
from layerwalk.probes.facts import (
    Evidence,
    Fact,
    LinksFact,
    ListenersFact,
    Outcome,
    ResolveFact,
    Target,
    TraceFact,
    Unmeasured,
)
from layerwalk.probes.port_choice import NoPortError
from layerwalk.probes.rights import Right, keep_only
from layerwalk.probes.rule_trace.leftovers import sweep as sweep_tables
from layerwalk.probes.wire.opening import open_wire
from layerwalk.probes.wire.recording import measuring
from layerwalk.probes.wire.wire import Wire
from layerwalk.session.entries import complaint_of, told_by, verdict_of
from layerwalk.session.findings import Findings
from layerwalk.session.guided.decisions import Decision
from layerwalk.session.guided.gate import Gate
from layerwalk.session.hop_names import HopNames
from layerwalk.session.options import Options
from layerwalk.session.own_counts import OwnCounts
from layerwalk.session.receiving import Receiving
from layerwalk.session.report import Ending
from layerwalk.session.state import WalkState
from layerwalk.session.steps import PLANS
from layerwalk.session.telling import Listen, Teller

_THREADS = 64
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
        listen: Listen = lambda _event: None,
    ) -> None:
        self._target = target
        self._options = options
        self._teller = Teller(listen, options.redact)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._reason: Ending = "done"
        self._findings = Findings()
        self._gate = Gate(self._teller, self._findings)
        self._running: dict[Future[Fact], _Running] = {}
        self._vain: set[Measure] = set()
        self._wire: Wire | None = None

    @property
    def state(self) -> WalkState:
        """What is known so far."""
        return self._teller.state

    def stop(self, reason: Ending = "interrupted") -> None:
        """End early: the walk then concludes from what it has."""
        with self._lock:
            if not self._stop.is_set():
                self._reason = reason
                self._stop.set()
                for running in self._running.values():
                    running.cancel.set()
        self._gate.ring()

    def decide(self, decision: Decision) -> None:
        """Take a person's decision, from any thread; one that came too late does nothing."""
        self._gate.decide(decision)

    def run(self) -> WalkState:
        """Walk; returns the last state, whose verdict is always there.

        The walk has a thread of its own, which enters the network of another process where that is
        asked for, and then gives up the rights that no probe needs; whoever waits for it keeps
        theirs, to save the report with.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="walk") as alone:
            return alone.submit(self._run).result()

    def _run(self) -> WalkState:
        self._options.origin.enter()
        keep_only(*(() if self._options.unprivileged else Right))
        sweep_tables()
        sweep_instances()
        self._wire = open_wire(raw=not self._options.unprivileged, origin=self._options.origin)
        keep = self._options.packets
        if keep:
            keep.begin(self._wire.recording, self._target)
        ctx = ProbeContext(origin=self._options.origin)  # what it asks is evidence of nothing
        names = HopNames(ctx, self._teller.name, self._teller.names_known)
        if self._options.names:
            self._teller.traced = lambda fact: names.hear(fact, self._view().resolve)
        self._teller.started(self._target, self._options, raw=self._wire.means.raw)
        self._take_line()
        receiving, counts = Receiving(self._wire), OwnCounts()
        try:
            with ThreadPoolExecutor(_THREADS, thread_name_prefix="probe") as pool:
                self._loop(pool, receiving)
        finally:
            names.close()
            self._wire.close()
            receiving.end(self._findings, self._teller)
            counts.end(self._findings, self._teller)
            if keep:
                keep.add(self._wire.recording, self._findings.evidence, self._target)
        self._conclude()
        self._teller.ended(self._reason)
        return self._teller.state

    def _take_line(self) -> None:
        """Begin the evidence with the error line that the walk starts from, where there is one."""
        line = self._options.error_line
        if line is not None:
            fact = told_by(line, self._target.addresses, self._options.other_targets)
            evidence = self._findings.add(Evidence(id="", fact=fact, step=fact.probe))
            self._teller.step_ended(fact.probe, evidence)

    def _conclude(self) -> None:
        """Reach the verdict, and leave the path to the address that it is about on show."""
        conclusion = conclude(self._view())
        about = [trace for trace in self._traces() if trace.address == conclusion.address]
        if about and self._teller.path_to != conclusion.address:
            self._teller.path(conclusion.address, about)
        self._teller.names_known()
        options = self._options
        self._teller.verdict(verdict_of(conclusion, options.origin, options.standpoint))

    def _loop(self, pool: ThreadPoolExecutor, receiving: Receiving) -> None:
        """Start what the gate lets pass and take in what comes back, until nothing is left."""
        while True:
            if not self._stop.is_set():
                for measure in self._gate.passing(self._view, busy=bool(self._running)):
                    self._start(measure, self._view(), pool)
            if self._running:
                names = [running.measure.name for running in self._running.values()]
                self._listen()
                receiving.look(names)
            elif self._stop.is_set() or not self._gate.wait():
                return

    def _listen(self) -> None:
        """Take in what comes back; a person's time to think is not the walk's."""
        self._cancel_needless(self._view())
        done, _ = wait(self._running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        for future in done:
            self._take(future)
        if self._teller.now() - self._gate.thought_s > self._options.budget_s - _GRACE_S:
            self.stop("budget")

    def _start(self, measure: Measure, view: WalkView, pool: ThreadPoolExecutor) -> None:
        def grows(fact: Fact) -> None:
            self._findings.glimpse(fact)
            self._teller.growing(fact)

        plan = PLANS[measure.step]
        running = _Running(measure, threading.Event(), self._teller.now())
        context = ProbeContext(
            cancel=running.cancel,
            wire=self._wire,
            origin=self._options.origin,
            progress=grows,
        )
        self._teller.step_started(measure.name, plan)
        own = contextvars.copy_context()
        own.run(measuring.set, measure.name)
        future = pool.submit(own.run, plan.run, measure, view, context)
        with self._lock:
            self._running[future] = running
            if self._stop.is_set():
                running.cancel.set()

    def _cancel_needless(self, view: WalkView) -> None:
        if self._gate.guided:  # what a person lets run may run to its end
            return
        for measure in needless(view):
            for running in self._running.values():
                if running.measure == measure:
                    self._vain.add(measure)
                    running.cancel.set()

    def _take(self, future: Future[Fact]) -> None:
        with self._lock:
            running = self._running.pop(future)
        error = future.exception()
        fact = future.result() if error is None else _crashed(running.measure, error)
        found = Evidence(
            id="",
            fact=fact,
            step=running.measure.name,
            vain=running.measure in self._vain,
            started_s=running.began_s,
            seconds=self._teller.now() - running.began_s,
        )
        evidence = self._findings.add(found)
        self._teller.step_ended(running.measure.name, evidence)
        if isinstance(fact, ResolveFact):
            own = (it for it in self._target.addresses if it not in fact.addresses)
            self._teller.addresses((*fact.addresses, *own))
        if self._options.standpoint.serves and isinstance(fact, LinksFact | ListenersFact):
            self._teller.addresses(self._view().addresses)
        self._teller.growing(fact, self._traces())

    def _traces(self) -> list[TraceFact]:
        return [e.fact for e in self._findings.evidence if isinstance(e.fact, TraceFact)]

    def _view(self) -> WalkView:
        options = self._options
        said = complaint_of(options.error_line) if options.error_line else None
        return WalkView(
            self._target,
            self._findings.evidence,
            options.timeout_s,
            said,
            shlex.join((*options.standpoint.words, *options.origin.words)),
            options.ports,
            self._findings.unheard,
            options.standpoint,
            options.origin.quarters.pid if options.origin.quarters else None,
            options.trace_firewall,
        )


def _crashed(measure: Measure, error: BaseException) -> Unmeasured:
    """A probe that raised: why goes into the report, and the walk goes on."""
    return Unmeasured(
        outcome=Outcome.FAILED,
        name=str(measure.step),
        at_layer=PLANS[measure.step].layer,
        subject=measure.address,
        detail=_told_by(error),
    )


def _told_by(error: BaseException) -> str:
    """Say in a line that no port was left; all else is a fault of the probe's."""
    if isinstance(error, NoPortError):
        return str(error.strerror)
    return "".join(traceback.format_exception(error))
