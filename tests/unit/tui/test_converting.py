"""``layerwalk report``: the same session in another form."""

from pathlib import Path

import pytest

from layerwalk.session import events as ev
from layerwalk.session.json_form import to_json
from layerwalk.session.saving import save_report
from layerwalk.tui.cli import main
from tests.unit.session.reports import faulty, healthy
from tests.unit.session.test_state import JOURNAL


@pytest.mark.parametrize("suffix", [".json", ".md", ".txt"])
@pytest.mark.parametrize("whole", [faulty(), (faulty(), healthy())], ids=["one", "two"])
def test_a_form_from_the_file_equals_the_one_from_the_walk(
    suffix: str, whole: object, tmp_path: Path
) -> None:
    assert isinstance(whole, tuple | type(faulty()))
    save_report(whole, tmp_path / "walk.json")
    save_report(whole, tmp_path / f"live{suffix}")
    words = ["report", str(tmp_path / "walk.json"), "-o", str(tmp_path / f"again{suffix}")]
    assert main(words) == 0
    assert (tmp_path / f"again{suffix}").read_bytes() == (tmp_path / f"live{suffix}").read_bytes()


def test_a_journal_too(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"".join(map(ev.encode, JOURNAL)))
    assert main(["report", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "a.json")]) == 0
    assert (tmp_path / "a.json").read_bytes() == to_json(faulty())


def test_what_is_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [*map(ev.encode, JOURNAL)]
    (tmp_path / "a.jsonl").write_bytes(b"".join([lines[0], b"{}\n", *lines[1:]]))
    assert main(["report", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "a.md")]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("a.jsonl: 1 line can't be read and had to be left out\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("report", "report needs a FILE"),
        ("report a.json", "report needs -o OUT"),
        ("report a.json -o b.html", ".html is not built yet"),
        ("report a.json -o b.pdf", "no suffix that names a form"),
        ("report gone.json -o b.md", "'gone.json' can't be read: No such file or directory"),
        ("report a.json b.json -o b.md", "unrecognized arguments: b.json"),
        ("report bad.json -o b.md", "'bad.json' is no report of layerwalk: "),
    ],
)
def test_what_can_not_be_done_is_one_line(
    words: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_bytes(to_json(faulty()))
    Path("bad.json").write_text('{"schema": "\x1b[31m"}')
    assert main(words.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert why in said.err
    assert said.err.count("\n") == 1
    assert "\x1b" not in said.err
    assert not Path("b.md").exists()


@pytest.mark.parametrize("whole", [faulty(), (faulty(), healthy())], ids=["one", "two"])
@pytest.mark.parametrize("suffix", [".json", ".md", ".txt"])
def test_a_session_can_be_redacted(suffix: str, whole: object, tmp_path: Path) -> None:
    assert isinstance(whole, tuple | type(faulty()))
    save_report(whole, tmp_path / "walk.json")
    shown = tmp_path / f"shown{suffix}"
    assert main(["report", str(tmp_path / "walk.json"), "--redact", "-o", str(shown)]) == 0
    text = shown.read_text(encoding="utf-8")
    assert "name-" in text
    for true in ("db.internal", "web-3", "198.51.100", "203.0.113", "192.0.2"):
        assert true not in text
