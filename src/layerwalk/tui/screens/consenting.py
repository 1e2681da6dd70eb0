"""The part of the walk screen that asks before the kernel is told to trace packets."""

from __future__ import annotations

from layerwalk.probes.facts.target import Target
from layerwalk.session.state import WalkState
from layerwalk.session.tracing import would_name_the_rule
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.consent_text import consent_details
from layerwalk.tui.screens.consent import ConsentScreen
from layerwalk.tui.screens.guiding import GuidedScreen
from layerwalk.tui.walking import Begin


class ConsentingScreen(GuidedScreen):
    """Asks once, when a walk ends with a rule of this machine that has no name; and at a key."""

    def __init__(
        self, begin: Begin | None, target: Target | None, state: WalkState, lettering: Lettering
    ) -> None:
        super().__init__(begin, target, state)
        self.traced: Begin | None = None
        """Begins the same walk with the kernel's trace; nothing where there can be none."""
        self._lettering = lettering
        self._was_asked = False

    @property
    def may_ask(self) -> bool:
        """Whether the kernel's trace would tell more, and may be asked for."""
        host = self.state.host
        rights = host is not None and host.privileges.raw
        over = not self.under_way and self.traced is not None
        return over and rights and would_name_the_rule(self.state)

    def ask_once(self) -> None:
        """Ask where the rule has no name yet, unless that was asked before."""
        in_front = self.app.screen is self
        if in_front and self.may_ask and not (self._was_asked or self._is_named):
            self.action_trace()

    def on_screen_resume(self) -> None:
        """Ask what could not be asked while another screen was in front."""
        self.ask_once()

    @property
    def _is_named(self) -> bool:
        causes = self.state.verdict.causes if self.state.verdict else ()
        return any(it.confidence == "certain" and it.where.get("rule") for it in causes[:1])

    def action_trace(self) -> None:
        """Ask whether the kernel may trace our packets; say why not where it would be no use."""
        if not self.may_ask:
            self.tell("only a rule of this machine that refuses can be traced, by root")
            return
        self._was_asked = True
        details = consent_details(self.state, self._lettering)
        self.app.push_screen(ConsentScreen(details, self._lettering), self._answered)

    def _answered(self, agreed: bool | None) -> None:  # noqa: FBT001 - a screen's result
        if agreed and self.traced is not None:
            self._begin = self.traced
            self.action_again()
        else:
            self.tell("this machine's rules stay as they are; t asks again")

    def action_again(self) -> None:
        """Walk once more."""
