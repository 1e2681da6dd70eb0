"""The verdict in words: what stands where in its pane. Pure; all text in it is made harmless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from layerwalk.session import wording
from layerwalk.session.gaps import gaps
from layerwalk.session.ports import port_rows
from layerwalk.session.report import CauseEntry, Recommendation, Verdict
from layerwalk.session.state import WalkState
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.words import OUTCOMES

STYLES = {
    Sign.GOOD: "bold $text-success",
    Sign.BAD: "bold $text-error",
    Sign.OPEN: "bold $text-warning",
}


@dataclass(frozen=True)
class Part:
    """A paragraph of the verdict, indented by some cells; ``step`` numbers a recommendation."""

    content: Content
    indent: int = 0
    step: int = 0
    space: bool = False


def commands(verdict: Verdict | None) -> dict[int, str]:
    """Give the commands that there are by the numbers of their recommendations, from 1 on."""
    causes = verdict.causes if verdict else ()
    steps = [step for cause in causes for step in cause.recommendations]
    return {number: step.command for number, step in enumerate(steps, 1) if step.command}


def verdict_parts(state: WalkState, verdict: Verdict, lettering: Lettering) -> Iterator[Part]:
    """Write the verdict, what matters most first."""
    yield from _answer(verdict, lettering)
    if verdict.timer:
        told = ("Whose timer: ", "bold")
        yield Part(Content.assemble(told, lettering.text(verdict.timer.says)), 2)
    number = 1
    for index, cause in enumerate(verdict.causes):
        named = index == 0 and cause.relation == "explains"
        yield from _cause(cause, lettering, named=named)
        for step in cause.recommendations:
            yield _step(number, step, state.role, lettering)
            number += 1
        yield from _seen(state, cause, lettering)
    yield from _ports(state, lettering)
    yield from _ruled_out(verdict, lettering)
    yield from _not_checked(verdict, lettering)


def _answer(verdict: Verdict, lettering: Lettering) -> Iterator[Part]:
    """Name what explains the failure; the summary stands below it, unless it says the same."""
    word = OUTCOMES[verdict.outcome]
    lead = (f"{lettering.sign(word.sign)} {word.word}: ", STYLES[word.sign])
    cause = next((it for it in verdict.causes[:1] if it.relation == "explains"), None)
    if cause is None:
        yield Part(Content.assemble(lead, (lettering.text(verdict.summary), "bold")))
        return
    yield Part(Content.assemble(lead, _title(cause, lettering)))
    yield _judgement(cause, lettering)
    if not (cause.title in verdict.summary and cause.explanation in verdict.summary):
        yield Part(Content(lettering.text(verdict.summary)), 2)


def _title(cause: CauseEntry, lettering: Lettering) -> Content:
    title = lettering.text(cause.title.rstrip("."))
    return Content.assemble((title, "bold"), f" [{lettering.text(cause.id)}]")


def _judgement(cause: CauseEntry, lettering: Lettering) -> Part:
    where = wording.where_in_words(cause.where)
    return Part(Content(lettering.text(f"{wording.judged(cause)}; {where}")), 2)


def _cause(cause: CauseEntry, lettering: Lettering, *, named: bool) -> Iterator[Part]:
    """Explain a cause and say what to do; one that is ``named`` already is not named again."""
    if not named:
        lead = f"{wording.RELATIONS[cause.relation]}: "
        yield Part(Content.assemble(lead, _title(cause, lettering)), space=True)
        yield _judgement(cause, lettering)
    yield Part(Content(lettering.block(wording.sentence(cause.explanation))), 2)
    if cause.decide_by:
        told = ("Told apart by: ", "bold")
        yield Part(Content.assemble(told, lettering.text(cause.decide_by)), 2)
    if cause.recommendations:
        yield Part(Content.styled("What to do", "bold"), space=True)


def _seen(state: WalkState, cause: CauseEntry, lettering: Lettering) -> Iterator[Part]:
    entries = [entry for entry in state.evidence if entry.id in cause.evidence]
    if entries:
        yield Part(Content.styled("Because", "bold"), space=True)
    for entry in entries:
        yield Part(Content(lettering.text(f"{entry.id}: {entry.finding}")), 2)


def _step(number: int, step: Recommendation, role: str, lettering: Lettering) -> Part:
    effect = wording.effect_in_words(step)
    content = Content.assemble(
        lettering.text(f"On {wording.on_in_words(step, role)}: {step.action}"),
        (effect, "$text-warning" if step.changes_state else ""),
    )
    for line in lettering.block(step.command).split("\n") if step.command else ():
        content += Content.assemble("\n", ("$ ", "dim"), (line, "$text-accent"))
    return Part(content, step=number)


def _ports(state: WalkState, lettering: Lettering) -> Iterator[Part]:
    address, rows = port_rows(state.evidence)
    if rows:
        yield Part(Content.styled(lettering.text(f"Ports of {address}"), "bold"), space=True)
    for name, words in rows:
        yield Part(Content(lettering.text(f"{name} {words}".strip())), 2)


def _ruled_out(verdict: Verdict, lettering: Lettering) -> Iterator[Part]:
    if verdict.ruled_out:
        yield Part(Content.styled(f"Ruled out ({len(verdict.ruled_out)})", "bold"), space=True)
    for out in verdict.ruled_out:
        proof = f" ({', '.join(out.evidence)})" if out.evidence else ""
        why = f": {out.why}" if out.why else ""
        yield Part(Content(lettering.text(f"{out.id}{why}{proof}")), 2)


def _not_checked(verdict: Verdict, lettering: Lettering) -> Iterator[Part]:
    if verdict.not_checked:
        yield Part(Content.styled(f"Not checked ({len(verdict.not_checked)})", "bold"), space=True)
    for gap in gaps(verdict):
        behind = f"; {gap.unlock}" if gap.unlock and len(gap.members) == 1 else ""
        for one in gap.members:
            yield Part(Content(lettering.text(f"{one.id}: {one.why}{behind}")), 2)
        if gap.unlock and not behind:
            yield Part(Content(lettering.text(gap.unlock)), 4)
