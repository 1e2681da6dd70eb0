"""The path as the report shows it: one row a hop, from all traces of an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from types import MappingProxyType

import msgspec

from layerwalk.probes.facts import AnswerKind, TraceFact, TraceKind, Try
from layerwalk.session.report import HopRow, SynFate

_ARRIVED = {AnswerKind.SYN_ACK, AnswerKind.RST}


def rows(
    traces: Sequence[TraceFact], names: Mapping[str, str] = MappingProxyType({})
) -> tuple[HopRow, ...]:
    """Make the rows, as far as any probe got; nothing where no hop has answered yet.

    ``names`` has the names of addresses, as far as they are known.
    """
    every = [one for trace in traces for one in trace.tries]
    target = traces[0].address.partition("%")[0] if traces else ""
    refused = _forged(every, target)
    tries = [one for one in every if one not in refused]
    heard = [t.hop for t in tries if t.answer]
    reached = [t.hop for t in tries if t.answer and t.answer.arrived(target)]
    last = min(reached) if reached else max(heard, default=0)
    hops = range(1, last + 1)
    found = (_row(hop, [t for t in tries if t.hop == hop], target) for hop in hops)
    halted = {one.hop for one in refused}
    return tuple(_named(_rejected(row) if row.hop in halted else row, names) for row in found)


def _forged(tries: Sequence[Try], target: str) -> list[Try]:
    """SYNs that were reset in the target's name: some before any other probe gets that far."""
    arrived = [t for t in tries if t.answer and t.answer.arrived(target)]
    distance = min((t.hop for t in arrived if t.kind is not TraceKind.SYN), default=0)
    resets = [t for t in arrived if t.answer and t.answer.kind is AnswerKind.RST]
    return resets if any(t.hop < distance for t in resets) else []


def _rejected(row: HopRow) -> HopRow:
    return msgspec.structs.replace(row, syn="rejected")


def _named(row: HopRow, names: Mapping[str, str]) -> HopRow:
    found = tuple(names.get(address, "") for address in row.addresses)
    return msgspec.structs.replace(row, names=found) if any(found) else row


def _row(hop: int, tries: Sequence[Try], target: str) -> HopRow:
    answers = [t.answer for t in tries if t.answer]
    addresses = tuple(dict.fromkeys(answer.responder for answer in answers))
    trips = [answer.rtt_s for answer in answers if answer.timed]
    timing = {"best": min(trips), "mean": fmean(trips), "worst": max(trips)} if trips else {}
    sent, received = _best_counted(tries)
    return HopRow(
        hop=hop,
        addresses=addresses,
        sent=sent,
        received=received,
        rtt_s={word: round(value, 6) for word, value in timing.items()},
        syn=_fate(tries),
        probes=_counts(tries),
        target=target in addresses,
        extensions=tuple(dict.fromkeys(it for answer in answers for it in answer.extensions)),
    )


def _best_counted(tries: Sequence[Try]) -> tuple[int, int]:
    """Sent and received by the kind that this hop answers best, so that loss means loss.

    SYNs count only where nothing else was sent: how they fare is told apart.
    """
    counts = {k: v for k, v in _counts(tries).items() if k != TraceKind.SYN} or _counts(tries)
    return max(counts.values(), key=lambda c: (c[1] / c[0], c[1]), default=(0, 0))


def _fate(tries: Sequence[Try]) -> SynFate:
    """How the SYN fared at this hop."""
    syns = [t for t in tries if t.kind is TraceKind.SYN]
    kinds = {t.answer.kind for t in syns if t.answer}
    if AnswerKind.UNREACHABLE in kinds:
        return "rejected"
    if kinds & {AnswerKind.TIME_EXCEEDED, *_ARRIVED}:
        return "answered"
    return "silent" if syns else "not_run"


def _counts(tries: Sequence[Try]) -> dict[str, tuple[int, int]]:
    kinds = dict.fromkeys(t.kind for t in tries)
    return {
        str(kind): (
            sum(t.kind is kind for t in tries),
            sum(t.kind is kind and t.answer is not None for t in tries),
        )
        for kind in kinds
    }
