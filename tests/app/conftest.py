"""What every test of the app starts from: a UTF-8 terminal, and a screen that does not dawdle."""

import pytest

from layerwalk.tui.screens import running
from tests.app.scripted import Stage


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setattr(running, "PACE_S", 0.001)


@pytest.fixture
def stage() -> Stage:
    return Stage()
