"""What was read of this machine and has nothing to say: one line of the tree, which opens. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from layerwalk.session.state import Step, WalkState
from layerwalk.tui.lettering import Lettering, Sign
from layerwalk.tui.panes.cells import TONES, Cell, Row, Tone
from layerwalk.tui.words import status_word

KEY = "readings of "
"""What the key of such a line begins with; the address of its tree follows, where it has one."""

_READ = {
    *("timers", "source-ports", "sockets", "conntrack", "counters", "kernel-counts"),
    *("machine", "machine-again", "process", "process-again", "drop-reasons", "reverse-path"),
}
_FEWEST = 2
_SPOTLESS = "nothing here is to blame"


def set_aside(state: WalkState, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Pick the steps that read this machine and that no cause of the verdict rests on.

    A single one, one that runs and one without an answer are left where they are.
    """
    causes = state.verdict.causes if state.verdict else ()
    cited = {name for cause in causes for name in cause.evidence}
    idle = [it for it in steps if _is_read(it) and it.evidence not in cited]
    return tuple(idle) if len(idle) >= _FEWEST else ()


def _is_read(step: Step) -> bool:
    return step.status == "answered" and step.id.partition(" ")[0] in _READ


def fold_line(
    state: WalkState, steps: Sequence[Step], key: str, lettering: Lettering, *, opened: bool
) -> Row:
    """Make the line that stands for them."""
    word = status_word("answered")
    names = ", ".join(dict.fromkeys(step.title for step in steps))
    judged = state.verdict is not None and state.verdict.outcome != "inconclusive"
    told = f"{_SPOTLESS}: {names}" if judged else names
    enter = "Enter hides them" if opened else "Enter shows them"
    return Row(
        key=key,
        cells={
            "number": Cell(""),
            "layer": Cell("this machine", Tone.STRONG),
            "branch": Cell(lettering.sign(Sign.ONLY), Tone.QUIET),
            "status": Cell(f"{lettering.sign(word.sign)} {word.word}", TONES[word.sign]),
            "title": Cell(f"{len(steps)} readings"),
            "finding": Cell(lettering.text(enter if opened else told), Tone.QUIET),
        },
        whole=lettering.text(f"{len(steps)} readings of this machine ({enter}): {told}"),
    )
