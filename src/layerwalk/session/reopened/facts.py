"""From evidence back to facts, so that a walk which broke off can still be judged."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import msgspec

from layerwalk.probes.facts import Evidence, Fact, Unmeasured
from layerwalk.session.report import EvidenceEntry
from layerwalk.session.state import WalkState

_UNMEASURED = "at_layer"
"""A field that no fact has but one that was not measured."""


def evidence_of(state: WalkState) -> Iterator[Evidence]:
    """Give the evidence whose facts can be had back; the rest is left out, as not measured."""
    steps = {step.evidence: step for step in state.steps}
    for entry in state.evidence:
        fact, step = fact_of(entry), steps.get(entry.id)
        if fact is not None:
            yield Evidence(
                id=entry.id,
                fact=fact,
                step=step.id if step else "",
                vain=step.vain if step else False,
                started_s=entry.started,
                seconds=entry.seconds,
            )


def fact_of(entry: EvidenceEntry) -> Fact | None:
    """Read the fact that an entry was written from; nothing where its data is no such fact."""
    kind = Unmeasured if _UNMEASURED in entry.data else _kinds().get(entry.probe)
    if kind is None:
        return None
    try:
        return msgspec.convert(entry.data, type=kind)
    except (msgspec.ValidationError, RecursionError):
        return None


@functools.cache
def _kinds() -> dict[str, type[Fact]]:
    """Every kind of fact by the name of its probe."""
    return {kind.probe: kind for kind in _below(Fact) if kind.probe}


def _below(kind: type[Fact]) -> Iterator[type[Fact]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _below(inner)
