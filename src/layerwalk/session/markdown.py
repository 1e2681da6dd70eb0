"""The report as Markdown, to be pasted into a ticket.

Whatever stands in the report stays text there: words that could be markup, HTML, links, mentions
or references to tickets go into code spans, commands into fences that they can't close.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from layerwalk.session import wording
from layerwalk.session.gaps import Gap, gaps
from layerwalk.session.plain import plain, plain_block
from layerwalk.session.ports import port_rows
from layerwalk.session.report import CauseEntry, Recommendation, Report, Verdict
from layerwalk.session.size_figure import figures

_BACKTICKS = re.compile(r"`+")
_WORD = re.compile(r"""(?P<before>[("']*)(?P<core>.*?)(?P<after>[.,;:!?)"']*)""")
_HARMLESS = re.compile(r"(?:[^\W_]+(?:[-'/][^\W_]+)*%?)?")
_ITEM = re.compile(r"(?P<number>\d+)(?P<mark>[.)])")
_RISKY = re.compile(r"^(?:gh-\d+|www.*|[0-9a-f]{7,})$", re.IGNORECASE)


def to_markdown(report: Report | tuple[Report, ...]) -> str:
    """Render a report, or several one after another, ending with a line feed."""
    reports = (report,) if isinstance(report, Report) else report
    return "\n".join("".join(f"{line}\n" for line in _lines(it)) for it in reports)


def code(text: str) -> str:
    """Put text into a code span that it can't leave (CommonMark 0.31, section 6.1)."""
    shown = plain(text)
    if not shown.strip():
        return "` `" if shown else ""
    fence = "`" * (_longest(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or shown != shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str) -> str:
    """Write text so that it reads as text and works as nothing else."""
    words = [_word(word) for word in plain(text).split(" ") if word]
    item = _ITEM.fullmatch(words[0]) if words else None
    if item:  # at the beginning of a line it would be a list's
        words[0] = f"{item['number']}\\{item['mark']}"
    return " ".join(words)


def cell(text: str) -> str:
    """Like ``code``, within a table, where a bar would begin a new cell (GFM, tables)."""
    return code(text).replace("|", r"\|")


def fenced(command: str, indent: str = "", kind: str = "sh") -> Iterator[str]:
    """Put a command, or other lines, into a fenced block that they can't close."""
    shown = plain_block(command)
    fence = "`" * max(3, _longest(shown) + 1)
    yield from (indent + line for line in (f"{fence}{kind}", *shown.split("\n"), fence))


def _longest(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _word(word: str) -> str:
    parts = _WORD.fullmatch(word)
    if parts is None:  # pragma: no cover - every word fits
        return code(word)
    core = parts["core"]
    if _HARMLESS.fullmatch(core) and not _RISKY.match(core):
        return word
    return f"{parts['before']}{code(core)}{parts['after']}"


def _lines(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f"# layerwalk: {code(report.target.input)}"
    yield ""
    yield f"**{verdict.outcome.upper()}**: {prose(verdict.summary)}"
    if verdict.timer:
        yield from ("", f"Whose timer: {prose(verdict.timer.says)}")
    for cause in verdict.causes:
        yield from _cause(report, cause)
    yield from _left(verdict)
    yield from _path(report)
    yield from _ports(report)
    yield from _sizes(report)
    yield from _evidence(report)
    yield from ("", "---", "", prose(wording.walked_in_words(report)))


def _cause(report: Report, cause: CauseEntry) -> Iterator[str]:
    yield from _head(f"{prose(cause.title.rstrip('.'))} ({code(cause.id)})")
    yield f"{wording.RELATIONS[cause.relation]}: {prose(wording.judged(cause))}."
    yield f"Where: {prose(wording.where_in_words(cause.where))}."
    for paragraph in filter(str.strip, cause.explanation.split("\n")):
        yield from ("", prose(wording.sentence(paragraph)))
    if cause.decide_by:
        yield from ("", f"Told apart by: {prose(cause.decide_by)}")
    cited = wording.cited(report, cause)
    if cited:
        yield from ("", f"Evidence: {_listed(cited)}")
    if cause.recommendations:
        yield from _head("What to do", level=3)
        for number, step in enumerate(cause.recommendations, 1):
            yield from _step(number, step, report.role)


def _step(number: int, step: Recommendation, role: str) -> Iterator[str]:
    who = prose(wording.on_in_words(step, role))
    mark = f"{number}. "
    yield f"{mark}On {who}: {prose(step.action)}{wording.effect_in_words(step)}"
    if step.command:
        yield ""
        yield from fenced(step.command, " " * len(mark))


def _left(verdict: Verdict) -> Iterator[str]:
    if verdict.ruled_out:
        yield from _head("Ruled out")
        for out in verdict.ruled_out:
            proof = f" ({_listed(out.evidence)})" if out.evidence else ""
            why = f": {prose(out.why)}" if out.why else ""
            yield f"- {code(out.id)}{proof}{why}"
    if verdict.not_checked:
        yield from _head("Not checked")
        yield from (line for gap in gaps(verdict) for line in _gap(gap))


def _gap(gap: Gap) -> Iterator[str]:
    """Say what was not checked; what unlocks several stands below them, once."""
    unlock = f"{prose(gap.lead)}{f': {code(gap.command)}' if gap.command else ''}"
    behind = f"; {unlock}" if unlock and len(gap.members) == 1 else ""
    yield from (f"- {code(one.id)}: {prose(one.why)}{behind}" for one in gap.members)
    if unlock and not behind:
        yield from ("", f"  {unlock}", "")


def _path(report: Report) -> Iterator[str]:
    if not report.path:
        return
    yield from _head("Path")
    yield "| hop | address | answered | best | SYN |"
    yield "|---:|---|---|---:|---|"
    for hop, syn in zip(report.path, wording.syn_fates(report.path), strict=True):
        where = cell(wording.addresses_and_names(hop)) + (" (target)" if hop.target else "")
        where += "".join(f"; {cell(words)}" for words in hop.extensions)
        best = wording.milliseconds(hop.rtt_s.get("best"))
        yield f"| {hop.hop} | {where} | {wording.answered(hop)} | {best} | {syn} |"


def _ports(report: Report) -> Iterator[str]:
    address, rows = port_rows(report.evidence)
    if not rows:
        return
    yield from _head(f"Ports of {code(address)}")
    for state, words in rows:
        yield f"- {f'{state} ' if state else ''}{code(words)}"


def _sizes(report: Report) -> Iterator[str]:
    for figure in figures(report):
        yield ""
        yield from fenced("\n".join(figure), kind="text")


def _evidence(report: Report) -> Iterator[str]:
    if not report.evidence:
        return
    yield from _head("Evidence")
    for entry in report.evidence:
        kind = f"{code(entry.probe)}, layer {entry.layer}, {code(entry.status)}"
        yield f"- {code(entry.id)} ({kind}): {code(entry.finding)}"
        if entry.command:
            yield f"  by hand: {code(entry.command)}"


def _head(title: str, level: int = 2) -> Iterator[str]:
    yield from ("", f"{'#' * level} {title}", "")


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(code(it) for it in ids)
