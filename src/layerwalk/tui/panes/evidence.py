"""The evidence log: one line for each probe, in the order in which they ended."""

from __future__ import annotations

from layerwalk.session.report import EvidenceEntry
from layerwalk.session.state import WalkState
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import TONES, Cell, Row, Tone
from layerwalk.tui.words import status_word


def evidence_rows(state: WalkState, lettering: Lettering) -> list[Row]:
    """Make the rows of the log; what decided the verdict is marked."""
    decisive = deciding(state)
    return [_row(entry, lettering, decides=entry.id in decisive) for entry in state.evidence]


def deciding(state: WalkState) -> frozenset[str]:
    """Name the evidence that the verdict's first cause rests on."""
    causes = state.verdict.causes if state.verdict else ()
    return frozenset(causes[0].evidence) if causes else frozenset()


def _row(entry: EvidenceEntry, lettering: Lettering, *, decides: bool) -> Row:
    word = status_word(entry.status)
    mark = f" {lettering.sign(Sign.DECIDES)}" if decides else ""
    return Row(
        key=entry.id,
        cells={
            "id": Cell(lettering.text(entry.id) + mark, Tone.STRONG),
            "layer": Cell(str(entry.layer)),
            "probe": Cell(lettering.text(entry.probe)),
            "status": Cell(
                f"{lettering.sign(word.sign)} {lettering.text(word.word)}", TONES[word.sign]
            ),
            "finding": Cell(lettering.text(entry.finding)),
        },
        whole=lettering.text(entry.finding),
    )


def evidence_note(state: WalkState, lettering: Lettering) -> str:
    """Count the pieces, and explain the mark where there is one."""
    count = str(len(state.evidence)) if state.evidence else ""
    return f"{count}; {lettering.sign(Sign.DECIDES)} decides" if deciding(state) else count


def entry_of(state: WalkState, key: str) -> EvidenceEntry | None:
    """Find a piece of evidence by its id."""
    return next((entry for entry in state.evidence if entry.id == key), None)
