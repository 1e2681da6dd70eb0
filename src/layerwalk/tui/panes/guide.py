"""The pane of guided mode: the step that waits for a person, and the keys that decide."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from layerwalk.session.guided.decisions import Answer, Back, Choose, Decision, Run, Skip
from layerwalk.session.report import Offer
from layerwalk.session.state import WalkState
from layerwalk.tui.keys import Place, bindings
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.guide_text import guide_text

_EDGES = 2


class GuidePane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Shows the first offer, and turns keys into decisions about it."""

    BINDINGS = bindings(Place.GUIDED)

    class Decided(Message):
        """A person decided, or pressed a key that decides nothing here: then ``why`` tells."""

        def __init__(self, decision: Decision | None, why: str = "") -> None:
            super().__init__()
            self.decision = decision
            self.why = why

    def __init__(self, lettering: Lettering) -> None:
        super().__init__(Static(markup=False))
        self._lettering = lettering
        self._offers: tuple[Offer, ...] = ()
        self._waiting = ""

    def show(self, state: WalkState, waiting: str) -> None:
        """Show what is offered, or what is ``waiting`` to end before the next offer."""
        new = state.offers[:1] != self._offers[:1]
        self._offers, self._waiting = state.offers, waiting
        self.draw()
        if new:
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Fit the text to the new width."""
        self.draw()

    def draw(self) -> None:
        """Write the text again."""
        content = Content(self._lettering.text(self._waiting))
        if self._offers:
            content = guide_text(self._offers, self._lettering, self.size.width - _EDGES)
        self.query_one(Static).update(content)

    def action_run_it(self) -> None:
        """Measure what is offered."""
        if self._offers and self._offers[0].kind == "question":
            self._decide(None, "only you can answer this: press the number of an answer")
        elif self._offers:
            self._decide(Run(self._offers[0].step))

    def action_skip(self) -> None:
        """Leave it out."""
        if self._offers:
            self._decide(Skip(self._offers[0].step))

    def action_answer(self, number: int) -> None:
        """Give an answer by its number."""
        if not self._offers:
            return
        offer = self._offers[0]
        if offer.again:
            self._decide(None, "it was measured: Enter measures it again, i leaves it as it is")
        elif number > len(offer.choices):
            self._decide(None, f"there are {len(offer.choices)} answers")
        else:
            self._decide(Answer(offer.step, offer.choices[number - 1].id))

    def action_branch(self, by: int) -> None:
        """Take another branch: the next of the open steps."""
        if len(self._offers) > 1:
            self._decide(Choose(self._offers[by].step))
        elif self._offers:
            self._decide(None, "no other step is open")

    def action_back(self) -> None:
        """Undo the last decision."""
        if self._offers:
            self._decide(Back())

    def _decide(self, decision: Decision | None, why: str = "") -> None:
        self.post_message(self.Decided(decision, why))
