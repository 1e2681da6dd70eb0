"""Reports in which anything may stand are shown: no crash, no control character, no markup."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings

from layerwalk.session.reopened.reports import reports_in
from layerwalk.session.reopened.sessions import Session
from layerwalk.session.report import Report
from layerwalk.session.state import state_of
from layerwalk.session.targets import BadInput
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.cells import Row
from layerwalk.tui.panes.details import evidence_details, hop_details
from layerwalk.tui.panes.evidence import evidence_note, evidence_rows
from layerwalk.tui.panes.lines import in_short, standing, target_in_words
from layerwalk.tui.panes.path import path_note, path_rows
from layerwalk.tui.panes.sessions import session_rows
from layerwalk.tui.panes.steps import step_note, step_rows
from layerwalk.tui.panes.verdict_text import verdict_parts
from layerwalk.tui.panes.waiting import ended_text
from layerwalk.tui.screens.saving import default_name
from tests.app import story
from tests.app.scripted import saved, text_of
from tests.unit.session.reopened.test_mutations import REPORTS, altered, twists

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LETTERS = Lettering()


def read(value: Any) -> Report | None:
    try:
        found = reports_in(msgspec.json.encode(value), "a.json")
    except BadInput:
        return None
    assert isinstance(found, Report)
    return found


def is_plain(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


def are_plain(rows: list[Row]) -> bool:
    return all(
        is_plain(cell.text) and "\n" not in cell.text for row in rows for cell in row.cells.values()
    )


@UNHURRIED
@given(twists() | altered(msgspec.json.decode(REPORTS[0])))
def test_every_pane_shows_it_as_text(value: Any) -> None:
    report = read(value)
    if report is None:
        return
    state = state_of(report)
    rows = [
        *step_rows(state, LETTERS),
        *path_rows(state, LETTERS),
        *evidence_rows(state, LETTERS),
        *session_rows([Session(state=state)], LETTERS),
    ]
    assert are_plain(rows)
    parts = verdict_parts(state, report.verdict, LETTERS)
    details = [
        *(hop_details(hop, LETTERS, state.path) for hop in state.path),
        *(evidence_details(entry, LETTERS) for entry in state.evidence),
    ]
    for content in (*(it.content for it in parts), *(it.content for it in details)):
        assert is_plain(content.plain)
    lines = [step_note(state, LETTERS), path_note(state, LETTERS), evidence_note(state, LETTERS)]
    lines += [ended_text(state, ""), in_short(state), standing(state, "").word]
    lines += [target_in_words(state, "")]
    assert all(isinstance(line, str) for line in lines)
    assert default_name(report.target).startswith("layerwalk-")


async def test_odd_numbers_and_shapes_are_shown() -> None:
    state = story.whole()
    strange = [
        msgspec.structs.replace(hop, hop=-(10**30), sent=-1, received=10**20, rtt_s={"x": 1e308})
        for hop in state.path
    ]
    entries = [
        msgspec.structs.replace(it, layer=-(10**25), started=-1e300, seconds=1e308, id="")
        for it in state.evidence
    ]
    odd = msgspec.structs.replace(
        state, path=tuple(strange), evidence=tuple(entries), steps=(), seconds=-1e300, started=""
    )
    async with saved(odd).run_test() as pilot:
        for key in "vspe":
            await pilot.press(key)
        await pilot.press("p", "enter", "escape", "e", "enter", "escape")
        assert pilot.app.is_running
        assert is_plain(text_of(pilot))
