"""w writes the report, and says where, or why not."""

from pathlib import Path

import pytest
from textual.widgets import Input

from layerwalk.session.report import TargetEntry, from_json
from layerwalk.session.state import report_of
from layerwalk.tui.screens.saving import SavingScreen, default_name
from tests.app import story
from tests.app.scripted import Stage, saved, text_of, until, until_shown


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_the_default_name_is_written(tmp_path: Path) -> None:
    async with saved(story.whole()).run_test(size=(160, 30)) as pilot:
        await pilot.press("w")
        await until_shown(pilot, "layerwalk-db.example.org-5432.md")
        await pilot.press("enter")
        await until_shown(pilot, "written to ")
    assert "firewall-drop" in (tmp_path / "layerwalk-db.example.org-5432.md").read_text()


async def test_the_suffix_decides_the_form(tmp_path: Path) -> None:
    async with saved(story.whole()).run_test() as pilot:
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, SavingScreen))
        pilot.app.screen.query_one(Input).value = "kept.json"
        await pilot.press("enter")
        await until_shown(pilot, "written to ")
    assert from_json((tmp_path / "kept.json").read_bytes()) == report_of(story.whole())


@pytest.mark.parametrize(
    ("name", "why"),
    [("kept.pdf", "use .json, .md or .txt"), ("gone/kept.md", "does not exist"), ("", "suffix")],
)
async def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, why: str) -> None:
    async with saved(story.whole()).run_test() as pilot:
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, SavingScreen))
        pilot.app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await until_shown(pilot, why)
        await pilot.press("escape")
        await until_shown(pilot, "FAULT FOUND")
        assert "written" not in text_of(pilot)
    assert files_in(tmp_path) == []


async def test_an_error_of_the_disk_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("layerwalk.tui.screens.saving.save_report", full)
    async with saved(story.whole()).run_test() as pilot:
        await pilot.press("w", "enter")
        await until_shown(pilot, "not written: No space left on device")
    assert files_in(tmp_path) == []


async def test_a_file_that_is_there_is_replaced_only_after_a_second_enter(tmp_path: Path) -> None:
    (tmp_path / "layerwalk-db.example.org-5432.md").write_text("mine")
    async with saved(story.whole()).run_test() as pilot:
        await pilot.press("w", "enter")
        await until_shown(pilot, "Enter once more replaces it")
        assert (tmp_path / "layerwalk-db.example.org-5432.md").read_text() == "mine"
        await pilot.press("enter")
        await until_shown(pilot, "written to ")
    assert (tmp_path / "layerwalk-db.example.org-5432.md").read_text() != "mine"


async def test_before_the_verdict_there_is_nothing_to_write(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "2 done")
        await pilot.press("w")
        await until_shown(pilot, "nothing to write before there is a verdict")


@pytest.mark.parametrize(
    ("host", "port", "name"),
    [
        ("db.example.org", 5432, "layerwalk-db.example.org-5432.md"),
        ("2001:db8::1", None, "layerwalk-2001-db8-1.md"),
        ("../../etc/passwd\x1b", 1, "layerwalk-etc-passwd-1.md"),
    ],
)
def test_the_name_holds_nothing_strange(host: str, port: int | None, name: str) -> None:
    assert default_name(TargetEntry(input="", host=host, port=port, scheme="tcp")) == name
