"""``layerwalk diagnose``: the walk with no app, its verdict as text or JSON."""

from __future__ import annotations

import sys
from dataclasses import replace

from layerwalk.probes.facts.target import Target
from layerwalk.session.events import Event, RecordingStopped
from layerwalk.session.journal.recording import RecordedWalk
from layerwalk.session.json_form import json_pieces
from layerwalk.session.options import Options, Redact
from layerwalk.session.report import Report
from layerwalk.session.text import Form, to_text
from layerwalk.tui import statuses
from layerwalk.tui.console import complain, hand_out, say
from layerwalk.tui.interruption import Interruption
from layerwalk.tui.progress import Progress, watchable
from layerwalk.tui.requests import Detail, Diagnose
from layerwalk.tui.saving import save, save_packets
from layerwalk.tui.walking import Begin, Listener, Walked, Walking, Walks

NARROWEST, WIDEST = 40, 100


def diagnose(request: Diagnose, begin: Begin | None = None) -> int:
    """Walk to every target, save and print what came of it, and give the exit status."""
    if request.detail is not Detail.LITTLE:
        for line in request.told:
            complain(line)
    progress = Progress(sys.stderr) if _watched(request) else None
    walks = Walks(begin or beginning(request.options), _telling(progress, request.detail))
    with Interruption(walks.stop) as interruption:
        walked = walks.run(request.targets)
        if progress:
            progress.clear()
        done = [statuses.INTERRUPTED] if interruption.requested.is_set() else []
        ends = [_status(it, request.options.redact) for it in walked]
        kept = save_packets(request.options.packets)
        return statuses.combined([*done, *ends, kept, _deliver(request, walked)])


def beginning(options: Options) -> Begin:
    """Give what begins a real walk with these options, and its journal.

    What a walk needs is loaded when one begins.
    """

    def begin(target: Target, listen: Listener) -> Walking:
        from layerwalk.session.walk import Walk

        hearer = _reticent(listen, options.redact) if options.redact else listen
        named = replace(options, names=True)
        return RecordedWalk(lambda hear: Walk(target, named, hear), hearer)

    return begin


def _reticent(listen: Listener, redact: Redact) -> Listener:
    """Redact what the recording says for itself: the walk's own events are redacted already."""

    def hear(event: Event) -> None:
        listen(redact(event) if isinstance(event, RecordingStopped) else event)

    return hear


def _watched(request: Diagnose) -> bool:
    return request.detail is not Detail.LITTLE and watchable()


def _telling(progress: Progress | None, detail: Detail) -> Listener:
    """Listen for what a person is told while the walk runs."""

    def hear(event: Event) -> None:
        if isinstance(event, RecordingStopped) and detail is not Detail.LITTLE:
            if progress:
                progress.clear()
            complain(f"this walk is not being recorded: {event.why}")
        if progress:
            progress(event)

    return hear


def _status(walked: Walked, redact: Redact | None) -> int:
    if walked.report is None:
        said = f"the walk to {walked.target.input} broke off, a defect: {walked.error}"
        complain(redact.text(said, walked.target.host) if redact else said)
        return statuses.INCONCLUSIVE
    return statuses.OF_OUTCOME[walked.report.verdict.outcome]


def _deliver(request: Diagnose, walked: tuple[Walked, ...]) -> int:
    """Save first, as the reader may have gone; then print."""
    reports = tuple(it.report for it in walked if it.report)
    if not reports:
        return statuses.HEALTHY
    whole = reports[0] if len(request.targets) == 1 else reports
    status = save(whole, request.output) if request.output else statuses.HEALTHY
    try:
        _print(whole, request)
    except OSError as error:
        complain(f"standard output: {error.strerror or error}")
        status = statuses.BAD_USAGE
    return status


def _print(whole: Report | tuple[Report, ...], request: Diagnose) -> None:
    if request.json:
        hand_out(json_pieces(whole))
        return
    say(to_text(whole, form_for(request.detail)))


def form_for(detail: Detail) -> Form:
    """Give the form of a text for this terminal."""
    import shutil  # late: it brings whatever packs files with it

    columns = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    return Form(width=columns, detail=detail.value)
