"""The report as text for a terminal: for someone tired, the answer first, the proof behind it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from layerwalk.session import wording
from layerwalk.session.gaps import Gap, gaps
from layerwalk.session.plain import plain, plain_block
from layerwalk.session.ports import port_rows
from layerwalk.session.report import (
    CauseEntry,
    EvidenceEntry,
    HopRow,
    Recommendation,
    Report,
    Verdict,
)
from layerwalk.session.size_figure import figures

LITTLE, USUAL, ALL = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Form:
    """How wide lines may be and how much is said (0 the answer, 1 the verdict, 2 everything)."""

    width: int = 80
    detail: int = USUAL


def to_text(report: Report | tuple[Report, ...], form: Form | None = None) -> str:
    """Render a report, or several one after another, ending with a line feed.

    All that the report carries is shown as text: no control character gets through.
    """
    form = form or Form()
    if isinstance(report, Report):
        return _joined(_lines(report, form))
    parts = [_joined([f"--- {plain(it.target.input)} ---", *_lines(it, form)]) for it in report]
    return ("" if form.detail == LITTLE else "\n").join(parts)


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _lines(report: Report, form: Form) -> Iterator[str]:
    yield from _answer(report.verdict)
    if form.detail == LITTLE:
        return
    if report.verdict.timer:
        told = f"Whose timer: {report.verdict.timer.says}"
        yield from _wrapped(told, form.width, "  ", 2)
    for number, cause in enumerate(report.verdict.causes):
        yield ""
        if number:  # the answer itself has named the first
            yield from _name(cause, form)
        yield from _cause(report, cause, form)
    yield from _left(report.verdict, form)
    yield from _path(report, form)
    yield from _ports(report, form)
    yield from _sizes(report)
    if form.detail == ALL:
        yield from _all_evidence(report, form)
    yield ""
    yield from _wrapped(wording.walked_in_words(report), form.width, "")


def _answer(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.outcome.upper()}: {plain(verdict.summary)}"
    for cause in verdict.causes[:1]:
        yield f"  {_title(cause)}: {plain(_place(cause))}"


def _title(cause: CauseEntry) -> str:
    return f"{plain(cause.title.rstrip('.'))} [{plain(cause.id)}]"


def _place(cause: CauseEntry) -> str:
    return f"{wording.judged(cause)}; {wording.where_in_words(cause.where)}"


def _name(cause: CauseEntry, form: Form) -> Iterator[str]:
    yield from _wrapped(f"{wording.RELATIONS[cause.relation]}: {_title(cause)}", form.width, "", 2)
    yield from _wrapped(_place(cause), form.width, "  ")


def _cause(report: Report, cause: CauseEntry, form: Form) -> Iterator[str]:
    if cause.explanation not in report.verdict.summary:
        for paragraph in cause.explanation.split("\n"):
            yield from _wrapped(wording.sentence(paragraph), form.width, "  ")
    if cause.decide_by:
        yield from _wrapped(f"Told apart by: {cause.decide_by}", form.width, "  ")
    entries = {entry.id: entry for entry in report.evidence}
    seen = [entries[it] for it in wording.cited(report, cause)]
    if seen:
        yield "  Seen:"
        for entry in seen:
            yield from _evidence(entry, form)
    if cause.recommendations:
        yield "  What to do:"
        for number, step in enumerate(cause.recommendations, 1):
            yield from _step(number, step, report.role, form)


def _evidence(entry: EvidenceEntry, form: Form) -> Iterator[str]:
    yield from _wrapped(f"{entry.id:<4} {entry.finding}", form.width, "    ", hang=5)


def _step(number: int, step: Recommendation, role: str, form: Form) -> Iterator[str]:
    said = f"{number}. On {wording.on_in_words(step, role)}: {step.action}"
    yield from _wrapped(f"{said}{wording.effect_in_words(step)}", form.width, "    ", hang=3)
    if step.command:
        yield from _command(step.command, "       ")


def _command(command: str, indent: str) -> Iterator[str]:
    """Give a command as it is typed: never wrapped, so that it can be copied."""
    yield from (f"{indent}$ {line}" for line in plain_block(command).split("\n"))


def _left(verdict: Verdict, form: Form) -> Iterator[str]:
    if verdict.ruled_out:
        yield ""
        yield from _ruled_out(verdict, form)
    if verdict.not_checked:
        yield ""
        yield "Not checked:"
        for gap in gaps(verdict):
            yield from _gap(gap, form)


def _gap(gap: Gap, form: Form) -> Iterator[str]:
    """Say what was not checked; what unlocks several stands below them, once."""
    behind = f"; {gap.unlock}" if gap.unlock and len(gap.members) == 1 else ""
    for one in gap.members:
        yield from _wrapped(f"{one.id}: {one.why}{behind}", form.width, "  ", hang=2)
    if gap.unlock and not behind:
        yield from _wrapped(gap.unlock, form.width, "    ", hang=2)


def _ruled_out(verdict: Verdict, form: Form) -> Iterator[str]:
    if form.detail != ALL:
        words = ", ".join(out.id for out in verdict.ruled_out)
        yield from _wrapped(f"Ruled out: {words}", form.width, "", 2)
        return
    yield "Ruled out:"
    for out in verdict.ruled_out:
        proof = f" ({', '.join(out.evidence)})" if out.evidence else ""
        why = f": {out.why}" if out.why else ""
        yield from _wrapped(f"{out.id}{proof}{why}", form.width, "  ", 2)


def _path(report: Report, form: Form) -> Iterator[str]:
    if not report.path:
        return
    yield ""
    named = list(_table(report, wording.addresses_and_names))
    fits = max(map(len, named)) <= form.width
    lines = named if fits else _table(report, wording.addresses)
    added = [(), *(hop.extensions for hop in report.path)]
    for line, extensions in zip(lines, added, strict=True):
        yield line
        yield from (f"       {plain(words)}" for words in extensions)


def _table(report: Report, who: Callable[[HopRow], str]) -> Iterator[str]:
    rows = [("hop", "address", "answered", "best", "SYN")]
    rows += [
        (
            str(hop.hop),
            plain(who(hop)) + (" = target" if hop.target else ""),
            wording.answered(hop),
            wording.milliseconds(hop.rtt_s.get("best")),
            syn,
        )
        for hop, syn in zip(report.path, wording.syn_fates(report.path), strict=True)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([f"  {row[0]:>{widths[0]}}", *cells])


def _ports(report: Report, form: Form) -> Iterator[str]:
    address, rows = port_rows(report.evidence)
    if rows:
        yield ""
        yield plain(f"Ports of {address}:")
    for state, words in rows:
        yield from _wrapped(f"{state:<8}  {words}", form.width, "  ", hang=10)


def _sizes(report: Report) -> Iterator[str]:
    for figure in figures(report):
        yield ""
        yield from map(plain, figure)


def _all_evidence(report: Report, form: Form) -> Iterator[str]:
    yield ""
    yield "All evidence:"
    for entry in report.evidence:
        head = f"{entry.id:<4} {entry.started:7.3f} s +{entry.seconds:.3f} s"
        yield f"  {plain(head)}  layer {entry.layer} {plain(entry.probe)}: {plain(entry.status)}"
        yield from _wrapped(entry.finding, form.width, "       ")
        if entry.command:
            yield from _command(entry.command, "       ")


def _wrapped(text: str, width: int, indent: str, hang: int = 0) -> Iterator[str]:
    """Break prose at blanks; words longer than a line (addresses, names) stay whole."""
    yield from textwrap.wrap(
        plain(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent + " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
