"""Saved sessions: what was written comes back, and what is none is refused in one clear line."""

from pathlib import Path

import pytest

from layerwalk.session import events as ev
from layerwalk.session.json_form import to_json
from layerwalk.session.markdown import to_markdown
from layerwalk.session.reopened import contents
from layerwalk.session.reopened.sessions import reopened
from layerwalk.session.report import Report
from layerwalk.session.targets import BadInput
from layerwalk.session.text import to_text
from tests.unit.session.reports import faulty, harmful, healthy
from tests.unit.session.test_state import JOURNAL

DEEP = b'{"schema": "layerwalk.report/1", "evidence": ' + b"[" * 100_000


def file(tmp_path: Path, data: bytes, name: str = "a.json") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "whole",
    [faulty(), healthy(), (faulty(), healthy()), (faulty(),), harmful("\x1b[31m")],
    ids=["fault", "ok", "two", "one-of-several", "harm"],
)
def test_a_report_comes_back_to_the_byte(
    whole: Report | tuple[Report, ...], tmp_path: Path
) -> None:
    found = reopened(file(tmp_path, to_json(whole)))
    assert found.whole == whole
    assert to_json(found.whole) == to_json(whole)
    assert to_text(found.whole) == to_text(whole)
    assert to_markdown(found.whole) == to_markdown(whole)


def test_a_report_of_the_first_version_gains_nothing(tmp_path: Path) -> None:
    old = to_json(faulty()).replace(b'  "ended": "done",\n', b"")
    assert old != to_json(faulty())
    assert to_json(reopened(file(tmp_path, old)).whole) == old


def test_a_journal_becomes_the_report_of_its_walk(tmp_path: Path) -> None:
    found = reopened(file(tmp_path, b"".join(map(ev.encode, JOURNAL)), "a.jsonl"))
    assert found.whole == faulty()
    assert found.sessions[0].events == tuple(JOURNAL)


def test_a_journal_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    assert reopened(file(tmp_path, ev.encode(JOURNAL[0]), "a.txt")).sessions[0].events


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "is no report of layerwalk: "),
        (b"[]", "is an array with no report in it"),
        (b"{}", "is no report of layerwalk: Object missing required field"),
        (b"[{}]", "is no report of layerwalk: "),
        (b"null", "is no report of layerwalk: "),
        (DEEP, "is no report of layerwalk: "),
        (to_json(faulty())[:-200], "is no report of layerwalk: Input data was truncated"),
        (to_json(faulty()).replace(b"2.31", b"NaN"), "invalid character"),
        (to_json(faulty()).replace(b"2.31", b"1e999"), "out of range"),
        (to_json(faulty()).replace(b'"db.internal"', b"[]"), r"Expected `str`, got `array`"),
        (to_json(faulty()).replace(b"report/1", b"report/2"), "Invalid enum value"),
        (to_json(faulty()).replace(b"Debian", b"\\ud800"), "is no report of layerwalk: "),
        (to_json(faulty()).replace(b"Debian", b"\xff"), "is no report of layerwalk: "),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(data: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        reopened(file(tmp_path, data))
    assert str(refused.value).isprintable()
    assert "a.json'" in str(refused.value)


@pytest.mark.parametrize("place", ["where", "data"])
def test_a_report_that_is_nested_without_end_is_refused(place: str, tmp_path: Path) -> None:
    head = f'"{place}": {{'.encode()
    data = to_json(faulty()).replace(head, head + b'"x": ' + b"[" * 90 + b"1" + b"]" * 90 + b",", 1)
    data = data.replace(b",}", b"}")
    with pytest.raises(BadInput, match="nested too deep, or too wordy"):
        reopened(file(tmp_path, data))


def test_a_report_with_a_text_without_end_is_refused(tmp_path: Path) -> None:
    data = to_json(faulty()).replace(b"Debian", b"x" * (1 << 21))
    with pytest.raises(BadInput, match="too wordy"):
        reopened(file(tmp_path, data))


def test_a_journal_without_end_is_read_as_far_as_a_walk_goes(tmp_path: Path) -> None:
    lines = [*map(ev.encode, JOURNAL)]
    endless = file(tmp_path, lines[0] + lines[1] * 12_000 + lines[2], "a.jsonl")
    (session,) = reopened(endless).sessions
    assert len(session.events) == 10_000
    assert session.state.ended == "broken-off"


def test_a_journal_whose_beginning_is_lost_is_refused(tmp_path: Path) -> None:
    lost = b"".join(map(ev.encode, JOURNAL[1:]))
    with pytest.raises(BadInput, match="its first line begins no walk"):
        reopened(file(tmp_path, lost, "a.jsonl"))


@pytest.mark.parametrize("name", ["gone.json", ".", "a\0b", "\ud800", "x" * 300])
def test_what_can_not_be_read_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match="can't be read: ") as refused:
        reopened(Path(name))
    assert str(refused.value).isprintable()


def test_no_end_of_data_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LARGEST", 1 << 20)
    with pytest.raises(BadInput, match=r"is larger than any saved session \(1 MiB\)"):
        reopened(Path("/dev/zero"))
