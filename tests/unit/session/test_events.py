"""The journal: one line of JSON for each event, and back."""

import json

import msgspec
import pytest

from layerwalk.session import events as ev
from tests.unit.session.test_state import JOURNAL


@pytest.mark.parametrize("event", JOURNAL, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_and_comes_back(event: ev.Event) -> None:
    line = ev.encode(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert ev.decode(line) == event


def test_each_kind_of_event_has_a_name_of_its_own() -> None:
    names = {json.loads(ev.encode(event))["event"] for event in JOURNAL}
    assert names == {
        "walk-started",
        "addresses-found",
        "step-started",
        "step-ended",
        "path-seen",
        "verdict-reached",
        "recording-stopped",
        "walk-ended",
    }


@pytest.mark.parametrize("line", [b"", b"{}", b'{"event": "nothing"}', b"[]", b'{"at_s": 1.0}'])
def test_what_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        ev.decode(line)
