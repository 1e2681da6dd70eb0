"""Telling a walk: events go out in their order, and the state is folded from them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from layerwalk import __version__
from layerwalk.probes.facts import Evidence, Fact, Target, TraceFact
from layerwalk.probes.origin import HERE
from layerwalk.session import events as ev
from layerwalk.session.entries import entry_of, origin_entry
from layerwalk.session.hops import rows
from layerwalk.session.machine import this_host
from layerwalk.session.options import Options, Redact
from layerwalk.session.report import Ending, TargetEntry, Tool, Verdict
from layerwalk.session.state import WalkState, fold
from layerwalk.session.steps import Plan

Listen = Callable[[ev.Event], None]


class Teller:
    """Hands on every event, one at a time, from whichever thread it comes.

    Where ``redact`` is given, nothing is heard, nor in the state, that has not gone through it.
    """

    def __init__(self, listen: Listen, redact: Redact | None = None) -> None:
        self._listen = listen
        self._redact = redact
        self._lock = threading.RLock()
        self._began = time.monotonic()
        self.state = WalkState()
        self._traces: Sequence[TraceFact] = ()
        self._names: dict[str, str] = {}
        self._unnamed = False
        self.traced: Callable[[TraceFact], None] = lambda _fact: None
        """Hears of every path that grows."""
        self._origin = HERE
        self.path_to = ""
        """The address, as it is, of the path on show; the state may have it redacted."""

    def now(self) -> float:
        """Seconds since the walk began."""
        return round(time.monotonic() - self._began, 4)

    def started(self, target: Target, options: Options, *, raw: bool) -> None:
        """The walk begins; its clock, too."""
        self._began, self._origin = time.monotonic(), options.origin
        entry = TargetEntry(
            input=target.input,
            host=target.host,
            port=target.port,
            scheme=target.scheme,
            addresses=(target.host,) if target.address is not None else (),
        )
        began = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.tell(
            ev.WalkStarted(
                at_s=0.0,
                target=entry,
                tool=Tool(version=__version__),
                host=this_host(raw=raw),
                role=options.standpoint.role,
                started=began,
                budget_s=options.budget_s,
                timeout_s=options.timeout_s,
                error_line=options.error_line,
                origin=origin_entry(options.origin),
                client=options.standpoint.client,
            )
        )

    def addresses(self, found: tuple[str, ...]) -> None:
        """The target's addresses are known."""
        self.tell(ev.AddressesFound(at_s=self.now(), addresses=found))

    def step_started(self, step: str, plan: Plan) -> None:
        """A measurement begins."""
        self.tell(
            ev.StepStarted(
                at_s=self.now(),
                step=step,
                title=plan.title,
                layer=plan.layer,
                waits_for=plan.waits_for,
                at_most_s=plan.at_most_s,
            )
        )

    def step_ended(self, step: str, evidence: Evidence) -> None:
        """A measurement brought its fact."""
        entry = entry_of(evidence, self._origin)
        self.tell(ev.StepEnded(at_s=self.now(), step=step, evidence=entry, vain=evidence.vain))

    def growing(self, fact: Fact, known: Sequence[TraceFact] = ()) -> None:
        """A path grows: that to the first address that is traced; others stay in the evidence."""
        if isinstance(fact, TraceFact):
            self.traced(fact)
        if isinstance(fact, TraceFact) and self.path_to in {"", fact.address}:
            mine = [one for one in known if one.address == fact.address and one != fact]
            self.path(fact.address, [*mine, fact])

    def path(self, address: str, traces: Sequence[TraceFact]) -> None:
        """Show the path to an address."""
        with self._lock:
            self.path_to, self._traces, self._unnamed = address, traces, False
            path = rows(traces, self._names)
            self.tell(ev.PathSeen(at_s=self.now(), address=address, path=path))

    def name(self, address: str, name: str) -> None:
        """Note the name of an address; the path shows it when it is told next."""
        with self._lock:
            self._names[address] = name
            self._unnamed = True

    def names_known(self) -> None:
        """Show the names on the path that have come since it was told last."""
        with self._lock:
            if self._unnamed and self.path_to:
                self.path(self.path_to, self._traces)

    def verdict(self, verdict: Verdict) -> None:
        """The walk has its answer."""
        self.tell(ev.VerdictReached(at_s=self.now(), verdict=verdict))

    def ended(self, reason: Ending) -> None:
        """Nothing more will come."""
        self.tell(ev.WalkEnded(at_s=self.now(), reason=reason))

    def tell(self, event: ev.Event) -> None:
        """Hand an event on."""
        with self._lock:
            if self._redact:
                event = self._redact(event)
            self.state = fold(self.state, event)
            self._listen(event)
