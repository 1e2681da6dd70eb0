"""The panes together: one in front on a narrow terminal, side by side on a wide one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from layerwalk.probes.facts.standpoint import Role
from layerwalk.session.state import WalkState
from layerwalk.tui.columns import EVIDENCE, PATH, STEPS
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.details import Details, evidence_details, hop_details
from layerwalk.tui.panes.evidence import entry_of, evidence_note, evidence_rows
from layerwalk.tui.panes.guide import GuidePane
from layerwalk.tui.panes.pane import Pane
from layerwalk.tui.panes.path import hop_of, path_note, path_rows
from layerwalk.tui.panes.readings import KEY
from layerwalk.tui.panes.rows import Rows
from layerwalk.tui.panes.steps import step_note, step_rows
from layerwalk.tui.panes.verdict import VerdictPane
from layerwalk.tui.panes.waiting import (
    evidence_waiting,
    guide_note,
    guide_waiting,
    path_waiting,
)

DECIDE = "decide"
PANES = {"verdict": "Verdict", "steps": "Steps", "path": "Path", "evidence": "Evidence"}


class Board(Horizontal):
    """The panes, all of one state. ``front`` names the one that is in front or has the focus."""

    class Turned(Message):
        """Another pane is in front."""

        def __init__(self, front: str) -> None:
            super().__init__()
            self.front = front

    def __init__(self, lettering: Lettering, front: str) -> None:
        super().__init__(classes=f"-{front}")
        self.front = front
        self._lettering = lettering
        self._state = WalkState()
        self._live = False
        self._opened: frozenset[str] = frozenset()
        self.decide = GuidePane(lettering)
        self.verdict = VerdictPane(lettering)
        self.steps = Rows(STEPS, lettering)
        self.path = Rows(PATH, lettering)
        self.evidence = Rows(EVIDENCE, lettering)

    def compose(self) -> ComposeResult:
        """Lay the panes out."""
        with Vertical(id="left"):
            yield Pane(DECIDE, "Decide", self.decide, self._lettering)
            yield self._pane("verdict")
            yield self._pane("evidence")
        with Vertical(id="right"):
            yield self._pane("steps")
            yield self._pane("path")

    def on_mount(self) -> None:
        """Let the keys work at once."""
        self.bring(self.front)

    def on_resize(self) -> None:
        """Take the keys back: what is out of sight on a tiny terminal loses them."""
        if self.screen.focused is None:
            self.bring(self.front)

    async def show(self, state: WalkState, waiting: str) -> None:
        """Show a state; ``waiting`` stands where the verdict will."""
        offered = bool(state.offers) and not self._state.offers
        self._state, letters = state, self._lettering
        self.set_class(not state.path, "-pathless")
        self.set_class(self._walkless, "-serving")
        self.path.empty = path_waiting(state)
        self.evidence.empty = evidence_waiting(state)
        self._live = self._live or not state.ended
        self.steps.show(step_rows(state, letters, self._opened))
        self.path.show(path_rows(state, letters), follow=self._live)
        self.evidence.show(evidence_rows(state, letters), follow=self._live)
        notes = {"steps": step_note(state, letters), "path": path_note(state, letters)}
        for name, note in (notes | {"evidence": evidence_note(state, letters)}).items():
            self.query_one(f"#{name}", Pane).heading.note(note)
        self.query_one(f"#{DECIDE}", Pane).heading.note(guide_note(state))
        self.decide.show(state, guide_waiting(state))
        await self.verdict.show(state, waiting)
        self._turn_by_itself(offered=offered)

    @property
    def guided(self) -> bool:
        """Whether the pane of guided mode is on show: while a person decides what comes next."""
        return self._state.guided and not self._state.ended and self._state.verdict is None

    @property
    def panes(self) -> dict[str, str]:
        """The panes that are on show, with their titles."""
        panes = {DECIDE: "Decide", **PANES} if self.guided else dict(PANES)
        if self._walkless:
            del panes["path"]
        return panes

    @property
    def _walkless(self) -> bool:
        """Whether nothing is walked, as this machine is the target: the steps have the room."""
        return self._state.role == Role.SERVER and not self._state.path

    def _turn_by_itself(self, *, offered: bool) -> None:
        """Bring a new offer to the front, and leave the pane when there is nothing to decide."""
        changed = self.guided != self.has_class("-guided")
        self.set_class(self.guided, "-guided")
        if offered and self.guided:
            self.bring(DECIDE)
        elif self.front == DECIDE and not self.guided:
            self.bring("steps")
        elif changed:
            self.post_message(self.Turned(self.front))

    def bring(self, name: str) -> None:
        """Bring a pane to the front and give it the keys."""
        if name not in self.panes:
            return
        self.remove_class(f"-{self.front}")
        self.front = name
        self.add_class(f"-{name}")
        self.query_one(f"#{name}", Pane).content.focus(scroll_visible=False)
        self.post_message(self.Turned(name))

    def turn(self, by: int) -> None:
        """Bring the next pane to the front, or the one before."""
        names = list(self.panes)
        self.bring(names[(names.index(self.front) + by) % len(names)])

    def unfold(self) -> bool:
        """Open or close the chosen line where it stands for several; tells whether it does."""
        key = self.steps.key
        if self.front != "steps" or not key.startswith(KEY):
            return False
        self._opened ^= {key}
        self.steps.show(step_rows(self._state, self._lettering, self._opened))
        return True

    @property
    def command(self) -> str:
        """The command that belongs to what is chosen in front; empty where there is none."""
        if self.front == "verdict":
            return self.verdict.command
        details = self.details()
        return details.command if details else ""

    def details(self) -> Details | None:
        """All that is known of the line that is chosen in front."""
        if self.front == DECIDE:
            return None
        if self.front == "path":
            hop = hop_of(self._state, self.path.key)
            return hop_details(hop, self._lettering, self._state.path) if hop else None
        rows = self.steps if self.front == "steps" else self.evidence
        entry = entry_of(self._state, rows.key)
        return evidence_details(entry, self._lettering, self._state.path) if entry else None

    def _pane(self, name: str) -> Pane:
        return Pane(name, PANES[name], getattr(self, name), self._lettering)
