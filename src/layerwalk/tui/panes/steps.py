"""The steps of a walk as a tree: the layers from the top, under each what was asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from layerwalk.session.report import EvidenceEntry
from layerwalk.session.state import Step, WalkState
from layerwalk.session.wording import LAYERS
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import TONES, Cell, Row, Tone
from layerwalk.tui.words import status_word


def step_rows(state: WalkState, lettering: Lettering) -> list[Row]:
    """Make the rows of the tree, the highest layer first; within one, in the order of asking.

    Steps that go by the same title are told apart by the rest of their ids: the address, the port.
    """
    steps = sorted(state.steps or _recalled(state.evidence), key=lambda step: -step.layer)
    twins = Counter(step.title for step in steps)
    rows = []
    for layer, group in groupby(steps, key=lambda step: step.layer):
        members = list(group)
        branches = _branches(len(members))
        for index, (step, branch) in enumerate(zip(members, branches, strict=True)):
            name = f"{layer} {LAYERS.get(layer, '')}" if index == 0 else ""
            about = step.id.partition(" ")[2] if twins[step.title] > 1 else ""
            title = f"{step.title} {about}".strip()
            rows.append(_row(step, title, (name, branch), lettering))
    return rows


def _recalled(evidence: Sequence[EvidenceEntry]) -> tuple[Step, ...]:
    """Make steps of a saved report, which keeps the evidence only."""
    return tuple(
        Step(
            id=entry.id,
            title=entry.probe,
            layer=entry.layer,
            state="done",
            waits_for="",
            at_most_s=0.0,
            began_s=entry.started,
            status=entry.status,
            finding=entry.finding,
            evidence=entry.id,
        )
        for entry in evidence
    )


def _branches(count: int) -> list[Sign]:
    if count == 1:
        return [Sign.ONLY]
    return [Sign.FIRST, *[Sign.NEXT] * (count - 2), Sign.LAST]


def _row(step: Step, title: str, place: tuple[str, Sign], lettering: Lettering) -> Row:
    running = step.state == "running"
    word = status_word("running" if running else step.status)
    waits = f"waits for {step.waits_for}, at most {step.at_most_s:g} s"
    tone, finding = TONES[word.sign], lettering.text(waits if running else step.finding)
    return Row(
        key=step.evidence or step.id,
        cells={
            "layer": Cell(place[0], Tone.STRONG),
            "branch": Cell(lettering.sign(place[1]), Tone.QUIET),
            "status": Cell(f"{lettering.sign(word.sign)} {lettering.text(word.word)}", tone),
            "title": Cell(lettering.text(title)),
            "finding": Cell(finding, Tone.QUIET),
        },
        whole=finding,
    )


def step_note(state: WalkState) -> str:
    """Count the steps."""
    steps = state.steps or _recalled(state.evidence)
    running = len(state.running)
    done = f"{len(steps) - running} done"
    return f"{done}, {running} running" if running else done
