"""The part of the walk screen that lets a person decide: what is decided goes to the walk."""

from __future__ import annotations

from layerwalk.session.guided.decisions import Decision, Switch
from layerwalk.tui.keys import Place, briefs
from layerwalk.tui.panes.guide import GuidePane
from layerwalk.tui.screens.running import RunningScreen


class GuidedScreen(RunningScreen):
    """Hands decisions on, and says so where nobody takes them."""

    def tell(self, text: str | None) -> None:
        """Say something to the person."""

    def decide(self, decision: Decision) -> bool:
        """Hand a person's decision to the walk; tells whether there is one to take it."""
        if self._walking is None:
            return False
        self._walking.decide(decision)
        return True

    def deciding_keys(self) -> list[tuple[str, str]]:
        """The keys that decide, for the line of keys; none where no step waits."""
        if not (self.under_way and self.state.offers):
            return []
        others = dict(briefs(Place.WALK))
        return [*briefs(Place.GUIDED), ("m", "auto"), *((key, others[key]) for key in "?q")]

    def on_guide_pane_decided(self, message: GuidePane.Decided) -> None:
        """Hand a decision to the walk, or say why it is none."""
        if message.decision is None:
            self.tell(message.why)
        elif not self.decide(message.decision):
            self.tell("this walk is over: nothing waits for a decision")

    def action_mode(self) -> None:
        """Go on guided, or by itself."""
        self.guided = not self.state.guided
        if not self.decide(Switch(guided=self.guided)):
            self.tell("no walk is under way: r walks again")
        elif self.guided:
            self.tell("guided: it stops before the next step, once what runs is done")
        else:
            self.tell("it goes on by itself")
