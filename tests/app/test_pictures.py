"""How it looks: frozen states as SVG. Look at each before you accept a new one."""

from collections.abc import Callable

import pytest

from layerwalk.tui.app import LayerwalkApp
from tests.app import story
from tests.app.scripted import Unwalkable, saved

Compare = Callable[..., bool]


def test_the_start_at_80(snap_compare: Compare) -> None:
    assert snap_compare(LayerwalkApp(Unwalkable().begin))


def test_the_verdict_at_80(snap_compare: Compare) -> None:
    assert snap_compare(saved(story.whole()))


def test_the_steps_at_80(snap_compare: Compare) -> None:
    assert snap_compare(saved(story.whole()), press=["s"])


def test_all_panes_at_130(snap_compare: Compare) -> None:
    assert snap_compare(saved(story.whole()), terminal_size=(130, 36))


def test_the_steps_without_colour(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(saved(story.whole()), press=["s", "j"])


def test_the_verdict_in_ascii(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert snap_compare(saved(story.whole()))
