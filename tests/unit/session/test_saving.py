import json
from pathlib import Path

import pytest

from layerwalk.session.report import from_json
from layerwalk.session.saving import check_destination, save_report
from layerwalk.session.targets import BadInput
from tests.unit.session.reports import faulty, harmful, healthy


def test_a_saved_report_reads_back(tmp_path: Path) -> None:
    save_report(faulty(), tmp_path / "a.json")
    assert from_json((tmp_path / "a.json").read_bytes()) == faulty()


def test_several_reports_are_an_array(tmp_path: Path) -> None:
    save_report((faulty(), healthy()), tmp_path / "a.json")
    found = json.loads((tmp_path / "a.json").read_bytes())
    assert [it["verdict"]["outcome"] for it in found] == ["fault", "healthy"]


@pytest.mark.parametrize(
    ("name", "start"), [("a.md", "# layerwalk"), ("a.TXT", "FAULT: "), ("a.json", "{")]
)
def test_the_suffix_names_the_form(tmp_path: Path, name: str, start: str) -> None:
    save_report(faulty(), tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.json"])
def test_harm_can_be_saved(tmp_path: Path, name: str) -> None:
    save_report(harmful(), tmp_path / name)
    assert b"\x1b" not in (tmp_path / name).read_bytes()


def test_a_report_that_can_not_be_saved_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "a.txt"
    kept.write_text("before", encoding="utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_report(faulty(), kept)
    assert kept.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [kept]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a.json").symlink_to(tmp_path / "there/b.json")
    save_report(faulty(), tmp_path / "a.json")
    assert (tmp_path / "a.json").is_symlink()
    assert (tmp_path / "there/b.json").is_file()


def test_a_file_gets_the_rights_that_files_get(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    save_report(faulty(), tmp_path / "a.json")
    assert (tmp_path / "a.json").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("name", ["a.json", "a.md", "a.txt", "A.JSON"])
def test_a_good_name_is_taken(tmp_path: Path, name: str) -> None:
    assert check_destination(str(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a.html", "not built yet"),
        ("a.pdf", "suffix"),
        ("a", "suffix"),
        (".json", "suffix"),
        ("", "suffix"),
        ("missing/a.json", "does not exist"),
        ("folder.json", "no file"),
        ("x" * 300 + ".json", "can't be a file's name"),
        ("a\0.json", "can't be a file's name"),
        ("\x1b[31m.pdf", r"\\x1b\[31m"),
    ],
)
def test_a_bad_name_is_refused_before_the_walk(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(BadInput, match=why) as refusal:
        check_destination(str(tmp_path / name) if name else "")
    assert str(refusal.value).isprintable()


def test_a_folder_that_is_closed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_asked: False)
    with pytest.raises(BadInput, match="can't be written"):
        check_destination(str(tmp_path / "a.json"))


def test_no_form_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="suffix"):
        save_report(faulty(), tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []
