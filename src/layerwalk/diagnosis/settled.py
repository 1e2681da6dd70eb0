"""Whether all that could still contradict was looked at: only then is a cause certain."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.tree import Measure, Step, wanted
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Outcome, PersonFact, Unmeasured

_BESIDE = {
    Step.DROP_REASONS,
    Step.TIMERS,
    Step.ENVIRONMENT,
    Step.MACHINE,
    Step.MACHINE_AGAIN,
    Step.PROCESS,
    Step.PROCESS_AGAIN,
    Step.SOURCE_PORTS,
    Step.SOCKETS,
}


def settled(view: WalkView, address: str = "") -> bool:
    """Tell whether every measurement that bears on an address has come to an end by itself.

    With no address, those that bear on the name and its nameservers. What a person skipped or
    answered was not looked at, and neither was what the walk's end cut short; what was stopped
    because it could change nothing was.
    """
    ended = {e.step for e in view.evidence if _ended(e)}
    return all(measure.name in ended for measure in _bearing_on(view, address))


def _bearing_on(view: WalkView, address: str) -> Iterator[Measure]:
    """Its own measurements, and the routes of all: an address without any is passed over.

    The kernel's timers tell how long it takes to fail, not why; and what this machine is short of
    has causes of its own, which rest on having been looked at.
    """
    others = set(view.addresses) - {address}
    about = (m for m in wanted(view) if m.step is Step.ROUTE or m.address not in others)
    return (m for m in about if m.step not in _BESIDE)


def _ended(evidence: Evidence) -> bool:
    fact = evidence.fact
    if fact.outcome is Outcome.CANCELLED:
        return evidence.vain
    skipped = isinstance(fact, Unmeasured) and fact.outcome is Outcome.NOT_RUN
    return not (skipped or isinstance(fact, PersonFact))
