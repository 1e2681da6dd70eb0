"""The part of the start screen that says how walks begin: guided, as the server.

A port of this machine's own is looked up beside, as a name may take its time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from layerwalk.probes.facts.standpoint import AS_CLIENT, Role, Standpoint
from layerwalk.probes.facts.target import Target
from layerwalk.session.targets import BadInput
from layerwalk.tui.panes.asking import modes
from layerwalk.tui.panes.target_line import TargetInput, Typed, names_own_port

ReadOwn = Callable[[Typed], tuple[Target, Standpoint]]
"""Reads a target that is this machine's own, and says for whom it serves; raises BadInput."""

LOOKING = "looking whether this machine has that address"


def reads_nothing(asked: Typed) -> tuple[Target, Standpoint]:
    """Stand in for whoever looks up what is this machine's own.

    Raises:
        BadInput: always.
    """
    raise BadInput(f"target '{asked.target}': this app knows nothing of this machine")


AS_SERVER = Standpoint(role=Role.SERVER)


class ServingScreen(Screen[None]):
    """Keeps how walks begin, and finds out whether a target is this machine's own."""

    class ModeChosen(Message):
        """Walks are to begin guided, or not; from a standpoint."""

        def __init__(self, *, guided: bool, standpoint: Standpoint) -> None:
            super().__init__()
            self.guided = guided
            self.standpoint = standpoint

    class Owned(Message):
        """A target is this machine's own."""

        def __init__(self, number: int, target: Target, standpoint: Standpoint) -> None:
            super().__init__()
            self.number = number
            self.target = target
            self.standpoint = standpoint

    class Disowned(Message):
        """A target is not this machine's own, or none at all."""

        def __init__(self, number: int, why: str) -> None:
            super().__init__()
            self.number = number
            self.why = why

    def __init__(self) -> None:
        super().__init__()
        self.guided = False
        """Whether walks begin guided."""
        self.standpoint = AS_CLIENT
        """Where this machine stands in the walks to come."""
        self.read_own: ReadOwn = reads_nothing
        self._number = 0

    def action_guided(self) -> None:
        """Walk guided, or not."""
        self.guided = not self.guided
        self._show_modes()

    def action_server(self) -> None:
        """Walk as the server, or as the client."""
        self.standpoint = AS_CLIENT if self.standpoint.serves else AS_SERVER
        self._show_modes()

    def _show_modes(self) -> None:
        self.query_one("#mode", Static).update(self.modes(self.query_one(TargetInput).value))
        self.post_message(self.ModeChosen(guided=self.guided, standpoint=self.standpoint))

    def modes(self, value: str) -> Content:
        """Say how a walk to what is typed will begin."""
        return modes(guided=self.guided, server=self.serves(Typed(value)))

    def serves(self, asked: Typed) -> bool:
        """Whether a target is meant as this machine's own."""
        return self.standpoint.serves or names_own_port(asked.target)

    def look_for_own(self, asked: Typed) -> None:
        """Begin to find out; a name may take its time."""
        self._number += 1
        self.refuse(LOOKING)
        threading.Thread(
            target=self._look_for_own, args=(asked, self._number), name="own", daemon=True
        ).start()

    def _look_for_own(self, asked: Typed, number: int) -> None:
        try:
            target, standpoint = self.read_own(asked)
        except BadInput as refusal:
            self.post_message(self.Disowned(number, str(refusal)))
        else:
            self.post_message(self.Owned(number, target, standpoint))

    def forget_own(self) -> None:
        """Wait for no answer any more."""
        self._number += 1

    def on_serving_screen_owned(self, message: Owned) -> None:
        """Walk there, unless something else was asked meanwhile."""
        if message.number == self._number:
            self.walk_as(message.target, message.standpoint)

    def on_serving_screen_disowned(self, message: Disowned) -> None:
        """Say why it can't be walked to."""
        if message.number == self._number:
            self.refuse(message.why)

    def refuse(self, text: str) -> None:
        """Say in one line why something can't be done."""

    def walk_as(self, target: Target, standpoint: Standpoint) -> None:
        """Walk to a target from a standpoint."""
