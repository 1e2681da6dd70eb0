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
from layerwalk.tui.panes.evidence import deciding
from layerwalk.tui.panes.readings import KEY, fold_line, set_aside
from layerwalk.tui.words import status_word

_SEVERAL = 2
_OF = "of "
"""What the keys of rows begin with that name an address; no step's does."""


def step_rows(
    state: WalkState, lettering: Lettering, opened: frozenset[str] = frozenset()
) -> list[Row]:
    """Make the rows of the tree, the highest layer first; in one, what decided, then as asked.

    Where several addresses are walked to, each has a tree of its own below what is common to all.
    What was read of this machine to no effect is one line, but for those whose key is ``opened``.
    """
    steps = state.steps or _recalled(state.evidence)
    addresses = list(dict.fromkeys(filter(None, map(_address, steps))))
    if len(addresses) < _SEVERAL:
        return _folded(state, steps, KEY, lettering, opened)
    rows = []
    for address in ("", *addresses):
        mine = [step for step in steps if _address(step) == address]
        if mine:
            name = lettering.text(address) if address else "all addresses"
            rows.append(Row(f"{_OF}{address}", across=name))
            rows += _folded(state, mine, f"{KEY}{address}", lettering, opened)
    return rows


def _folded(
    state: WalkState, steps: Sequence[Step], key: str, lettering: Lettering, opened: frozenset[str]
) -> list[Row]:
    """A tree, and below it the line for what has nothing to say."""
    aside, decisive = set_aside(state, steps), deciding(state)
    rows = _tree([step for step in steps if step not in aside], decisive, lettering)
    if aside:
        rows.append(fold_line(state, aside, key, lettering, opened=key in opened))
    return rows + (_tree(aside, decisive, lettering) if key in opened else [])


def _tree(steps: Sequence[Step], decisive: frozenset[str], lettering: Lettering) -> list[Row]:
    """The layers from the top; steps of the same title are told apart by the port."""
    steps = sorted(steps, key=lambda step: (-step.layer, step.evidence not in decisive))
    twins = Counter(step.title for step in steps)
    mark = f" {lettering.sign(Sign.DECIDES)}"
    rows = []
    for layer, group in groupby(steps, key=lambda step: step.layer):
        members = list(group)
        branches = _branches(len(members))
        for index, (step, branch) in enumerate(zip(members, branches, strict=True)):
            about = " ".join(step.id.split()[2:]) if twins[step.title] > 1 else ""
            decides = mark if step.evidence in decisive else ""
            title = f"{step.title} {about}".strip() + decides
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
    """Give a finding without what its row says already: the address above it, and the title."""
    return _untitled(step.title, _nameless(step))


def _nameless(step: Step) -> str:
    address = _address(step)
    if not address:
        return step.finding
    endpoint = rf"\[?{re.escape(address)}\]?(?::\d+)?"
    known = rf" to {endpoint}(?=[\s:;,)]|$)| {endpoint}(?=:\s)"
    return re.sub(known, "", step.finding, count=1)


def _untitled(title: str, finding: str) -> str:
    """Take away what the row's title has said already: ``SYN: 3 sent`` behind a title of SYN."""
    lead, _, rest = finding.partition(": ")
    said = lead.casefold().removesuffix("s")
    return rest if said and rest and title.casefold().startswith(said) else finding


def step_note(state: WalkState, lettering: Lettering) -> str:
    """Count the steps; explain the mark where there is one."""
    steps = state.steps or _recalled(state.evidence)
    running = len(state.running)
    done = f"{len(steps) - running} done"
    if running:
        return f"{done}, {running} running"
    return f"{done}; {lettering.sign(Sign.DECIDES)} decides" if deciding(state) else done
