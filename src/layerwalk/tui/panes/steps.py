"""The steps of a walk as a tree: the layers from the top, under each what was asked of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from layerwalk.session.report import EvidenceEntry
from layerwalk.session.state import Step, WalkState
from layerwalk.session.wording import LAYERS
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import TONES, Cell, Row, Tone
from layerwalk.tui.words import status_word

_SEVERAL = 2
_OF = "of "
"""What the keys of rows begin with that name an address; no step's does."""


def step_rows(state: WalkState, lettering: Lettering) -> list[Row]:
    """Make the rows of the tree, the highest layer first; within one, in the order of asking.

    Where several addresses are walked to, each has a tree of its own below what is common to all.
    """
    steps = state.steps or _recalled(state.evidence)
    addresses = list(dict.fromkeys(filter(None, map(_address, steps))))
    if len(addresses) < _SEVERAL:
        return _tree(steps, lettering)
    rows = []
    for address in ("", *addresses):
        mine = [step for step in steps if _address(step) == address]
        if mine:
            name = lettering.text(address) if address else "all addresses"
            rows += [Row(f"{_OF}{address}", across=name), *_tree(mine, lettering)]
    return rows


def _tree(steps: Sequence[Step], lettering: Lettering) -> list[Row]:
    """The layers from the top; steps of the same title are told apart by the port."""
    steps = sorted(steps, key=lambda step: -step.layer)
    twins = Counter(step.title for step in steps)
    rows = []
    for layer, group in groupby(steps, key=lambda step: step.layer):
        members = list(group)
        branches = _branches(len(members))
        for index, (step, branch) in enumerate(zip(members, branches, strict=True)):
            about = " ".join(step.id.split()[2:]) if twins[step.title] > 1 else ""
            title = f"{step.title} {about}".strip()
            rows.append(_row(step, title, (layer if index == 0 else None, branch), lettering))
    return rows


def _address(step: Step) -> str:
    """The address that a step is about: it follows the name of the measurement."""
    return next(iter(step.id.split()[1:2]), "")


def _recalled(evidence: Sequence[EvidenceEntry]) -> tuple[Step, ...]:
    """Make steps of a saved report, which keeps the evidence only."""
    return tuple(
        Step(
            id=_as_measured(entry),
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


def _as_measured(entry: EvidenceEntry) -> str:
    """Name a piece of evidence as its measurement was: what, and to which address."""
    towards = entry.data.get("destination") or entry.data.get("address") or ""
    return f"{entry.probe} {towards}".strip()


def _branches(count: int) -> list[Sign]:
    if count == 1:
        return [Sign.ONLY]
    return [Sign.FIRST, *[Sign.NEXT] * (count - 2), Sign.LAST]


def _row(step: Step, title: str, place: tuple[int | None, Sign], lettering: Lettering) -> Row:
    running = step.state == "running"
    word = status_word("running" if running else step.status)
    waits = f"waits for {step.waits_for}, at most {step.at_most_s:g} s"
    layer, branch = place
    name = "" if layer is None else LAYERS.get(layer, "")
    tone, finding = TONES[word.sign], lettering.text(waits if running else step.finding)
    brief = finding if running else lettering.text(_brief(step))
    return Row(
        key=step.evidence or step.id,
        cells={
            "number": Cell("" if layer is None else str(layer), Tone.STRONG),
            "layer": Cell(name, Tone.STRONG),
            "branch": Cell(lettering.sign(branch), Tone.QUIET),
            "status": Cell(f"{lettering.sign(word.sign)} {lettering.text(word.word)}", tone),
            "title": Cell(lettering.text(title)),
            "finding": Cell(brief, Tone.QUIET),
        },
        whole=finding,
    )


def _brief(step: Step) -> str:
    """Give a finding without the endpoint that it begins with: the row stands under its address."""
    address = _address(step)
    if not address:
        return step.finding
    endpoint = rf"\[?{re.escape(address)}\]?(?::\d+)?"
    known = rf" to {endpoint}(?=[\s:;,)]|$)| {endpoint}(?=:\s)"
    return re.sub(known, "", step.finding, count=1)


def step_note(state: WalkState) -> str:
    """Count the steps."""
    steps = state.steps or _recalled(state.evidence)
    running = len(state.running)
    done = f"{len(steps) - running} done"
    return f"{done}, {running} running" if running else done
