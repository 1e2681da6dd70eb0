"""A table paints only what changed, and keeps the choice where it belongs."""

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from layerwalk.tui.columns import Column
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.cells import Cell, Row
from layerwalk.tui.panes.rows import Rows


class Table(App[None]):
    """A table by itself."""

    opened = 0

    def compose(self) -> ComposeResult:
        yield Rows([Column("name", "name", ""), Column("state", "state", "")], Lettering())

    def on_rows_opened(self) -> None:
        self.opened += 1

    @property
    def table(self) -> Rows:
        return self.query_one(Rows)


def rows(states: Sequence[str]) -> list[Row]:
    return [
        Row(str(number), {"name": Cell(f"n{number}"), "state": Cell(state)})
        for number, state in enumerate(states)
    ]


async def test_only_changed_lines_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Table()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show(rows(["aa", "aa", "aa"]))
        await pilot.pause()
        painted: list[Region] = []
        monkeypatch.setattr(app.table, "refresh", lambda *regions: painted.extend(regions))
        app.table.show(rows(["aa", "bb", "aa"]))
        assert painted == [Region(0, 2, 30, 1)]
        app.table.show(rows(["aa", "bb", "aa"]))
        assert painted == [Region(0, 2, 30, 1)]


async def test_the_choice_stays_with_its_row() -> None:
    app = Table()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show(rows(["a", "b", "c"])[1:])
        app.table.chosen = 1
        app.table.show(rows(["a", "b", "c"]))
        await pilot.pause()
        assert app.table.key == "2"


async def test_following_ends_where_the_person_moves() -> None:
    app = Table()
    async with app.run_test(size=(30, 4)) as pilot:
        app.table.show(rows("abc"), follow=True)
        app.table.show(rows("abcdefg"), follow=True)
        await pilot.pause()
        assert (app.table.key, app.table.scroll_offset.y) == ("6", 4)
        await pilot.press("tab", "up")
        app.table.show(rows("abcdefgh"), follow=True)
        assert app.table.key == "5"


async def test_every_line_can_be_reached() -> None:
    app = Table()
    async with app.run_test(size=(30, 4)) as pilot:
        app.table.show(rows("abcdefghij"))
        reached = []
        for key in ("tab", "end", "up", "pageup", "k", "home", "j", "space", "G", "g", "pagedown"):
            await pilot.press(key)
            reached.append(app.table.key)
        assert reached == ["0", "9", "8", "6", "5", "0", "1", "3", "9", "0", "2"]


async def test_an_empty_table_has_nothing_to_open() -> None:
    app = Table()
    async with app.run_test(size=(30, 4)) as pilot:
        await pilot.press("tab", "enter", "down", "end")
        assert app.table.key == ""
        app.table.show(rows("a"))
        await pilot.press("enter")
        await pilot.pause()
    assert app.opened == 1
