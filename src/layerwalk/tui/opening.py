"""``layerwalk`` and ``layerwalk TARGET``: the app, or the text verdict where it can't be shown."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any

from layerwalk.probes.facts.standpoint import Role, Standpoint
from layerwalk.probes.facts.target import Target
from layerwalk.session.events import Event
from layerwalk.session.journal.recent import recent_sessions
from layerwalk.session.reopened.sessions import Session
from layerwalk.session.state import WalkState, fold, report_of
from layerwalk.session.targets import BadInput
from layerwalk.tui import statuses
from layerwalk.tui.console import complain
from layerwalk.tui.diagnose import beginning, diagnose
from layerwalk.tui.interruption import Interruption
from layerwalk.tui.requests import Diagnose, Open
from layerwalk.tui.saving import save, save_packets
from layerwalk.tui.terminal import can_paint
from layerwalk.tui.walking import Begin, Listener, Walking

if TYPE_CHECKING:
    from textual.app import App

    from layerwalk.tui.app import LayerwalkApp
    from layerwalk.tui.panes.target_line import Typed
    from layerwalk.tui.screens.serving import ReadOwn

_LOOK_S = 0.05


def open_app(request: Open, begin: Begin | None = None) -> int:
    """Show the app until it is left; give the status of the last walk in it.

    Raises:
        BadInput: the terminal can't show the app, and there is no target for a text verdict.
    """
    if can_paint():
        return shown(request, begin or beginning(request.options))
    if request.guided:
        raise BadInput("this terminal can't show the app, which --guided needs; leave it out")
    if request.target is None:
        raise BadInput(
            "this terminal can't show the app; say 'layerwalk diagnose TARGET' for a text verdict"
        )
    asked = Diagnose(targets=(request.target,), options=request.options, output=request.output)
    return diagnose(asked, begin)


class Keepsake:
    """Begins walks for the app and keeps the state of the last one."""

    def __init__(self, begin: Begin) -> None:
        self.state = WalkState()
        self._begin = begin
        self._lock = threading.Lock()
        self._number = 0

    def start(self, target: Target, listen: Listener, begin: Begin | None = None) -> Walking:
        """Begin a walk whose events go to ``listen`` and are kept here as well."""
        with self._lock:
            self._number += 1
            number, self.state = self._number, WalkState()

        def hear(event: Event) -> None:
            with self._lock:
                if number == self._number:  # what a former walk still says is no matter
                    self.state = fold(self.state, event)
            listen(event)

        return (begin or self._begin)(target, hear)

    def start_from(self, begin: Begin) -> Begin:
        """Give what begins walks in another way, and keeps them here as well."""
        return lambda target, listen: self.start(target, listen, begin)


def shown(request: Open, begin: Begin, saved: Sequence[Session] = ()) -> int:
    """Show the app on what is asked for, or on saved sessions; give the exit status."""
    from layerwalk.tui.app import LayerwalkApp

    kept = Keepsake(begin)
    reticent = request.options.redact is not None
    app = LayerwalkApp(
        start=kept.start,
        target=request.target,
        saved=saved,
        family=request.family,
        recent=tuple if reticent else lambda: recent_sessions(os.environ),
    )
    _settle(app, request, kept)

    def quitting() -> bool | Awaitable[bool]:
        return app.run_action("quit")

    over = threading.Event()

    def quit_app() -> None:
        while not app.is_running and not over.wait(_LOOK_S):
            pass  # it has not begun to run yet
        with contextlib.suppress(RuntimeError):  # it is not running yet, or no longer
            app.call_from_thread(quitting)

    def stop() -> None:
        """Let a thread speak to the app: a signal comes between any two steps of its loop."""
        threading.Thread(target=quit_app, name="quit", daemon=True).start()

    with Interruption(stop) as interruption:
        shown_to_end = _run(app)
        over.set()
        kept_whole = _saved(kept.state, request)
    told = [statuses.INTERRUPTED] if interruption.requested.is_set() else []
    return statuses.combined([*told, shown_to_end, kept_whole, _status(kept.state, saved)])


def _settle(app: LayerwalkApp, request: Open, kept: Keepsake) -> None:
    """Tell the app what the command line says of the walks to come, and of what is shown."""
    app.reticent = request.options.redact is not None
    app.guided = request.guided
    app.pid = origin.quarters.pid if (origin := request.options.origin).quarters else None
    app.veil = request.options.redact.text if request.options.redact else str
    app.start_with = lambda change: kept.start_from(beginning(change(request.options)))
    app.standpoint = request.options.standpoint
    app.read_own = reading_own(request)


def reading_own(request: Open) -> ReadOwn:
    """Give what reads a target that is this machine's own, as this command line means it."""

    def read(asked: Typed) -> tuple[Target, Standpoint]:
        from layerwalk.session.own_targets import own_target, standpoint_of  # few walks need it

        options, client = request.options, asked.client or request.options.standpoint.client
        standpoint = standpoint_of(Role.SERVER, client or None, request.family)
        target = own_target(asked.target, request.family, standpoint.client, options.origin)
        return target, standpoint

    return read


def _run(app: App[Any]) -> int:
    """Run the app; an error of the terminal is said, and costs nothing that was gathered."""
    try:
        app.run(mouse=False)
    except OSError as error:
        complain(f"the terminal: {error.strerror or error}")
        return statuses.BAD_USAGE
    return statuses.HEALTHY


def _status(state: WalkState, saved: Sequence[Session]) -> int:
    if state.target is None:  # nothing was walked
        return statuses.of_sessions(saved)
    if state.verdict is None or state.ended == "interrupted":
        return statuses.INTERRUPTED
    return statuses.OF_OUTCOME[state.verdict.outcome]


def _saved(state: WalkState, request: Open) -> int:
    """Save what was asked for: the packets of all walks, and the report of the last."""
    packets = save_packets(request.options.packets)
    return statuses.combined([packets, _report_saved(state, request)])


def _report_saved(state: WalkState, request: Open) -> int:
    if request.output is None:
        return statuses.HEALTHY
    if state.verdict is None:
        complain(f"-o {request.output}: not saved: no walk came to a verdict")
        return statuses.BAD_USAGE
    return save(report_of(state), request.output)
