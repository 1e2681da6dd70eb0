"""The ports that were asked for, out of the evidence: each by itself, or those alike together."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from layerwalk.probes.facts.ports import PortGroup, PortsFact, spans_in
from layerwalk.session.report import EvidenceEntry, PortEntry

_LAST = 65_535
_MOST = 12
"""How many rows of ports a line names where a person reads it."""


def ports_told(evidence: Sequence[EvidenceEntry]) -> tuple[PortEntry, ...] | msgspec.UnsetType:
    """Give every port with its state, in order; unset where none was asked for."""
    fact = scanned(evidence)
    if fact is None:
        return msgspec.UNSET
    entries: list[PortEntry | None] = [None] * (_LAST + 1)
    for group in fact.groups:
        for first, last in spans_in(group.ports):
            for port in range(first, last + 1):
                entries[port] = PortEntry(
                    port=port, state=group.state.value, reason=group.reason.value
                )
    return tuple(filter(None, entries))


def scanned(evidence: Sequence[EvidenceEntry]) -> PortsFact | None:
    """Give what the last scan found; nothing where there was none or its data is damaged."""
    for entry in reversed(evidence):
        if entry.probe == PortsFact.probe:
            return _fact(entry)
    return None


def port_rows(evidence: Sequence[EvidenceEntry]) -> tuple[str, list[tuple[str, str]]]:
    """Write the ports for a person: of whom they are, and a line for each state and reason."""
    fact = scanned(evidence)
    if fact is None:
        return "", []
    rows = [(str(group.state), group.in_words(_MOST)) for group in fact.groups]
    if not rows:
        return fact.address, [("", fact.detail or str(fact.outcome))]
    return fact.address, [*rows, *(("", remark) for remark in fact.remarks)]


def _fact(entry: EvidenceEntry) -> PortsFact | None:
    try:
        fact = msgspec.convert(entry.data, type=PortsFact)
    except (msgspec.ValidationError, RecursionError):
        return None
    return fact if all(map(_is_sound, fact.groups)) and fact.told <= _LAST else None


def _is_sound(group: PortGroup) -> bool:
    try:
        spans = list(spans_in(group.ports))
    except ValueError:
        return False
    count = sum(last - first + 1 for first, last in spans)
    return count == group.count and all(1 <= a <= b <= _LAST for a, b in spans)
