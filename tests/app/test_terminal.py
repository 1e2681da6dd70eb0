"""What the environment says of a terminal."""

import subprocess
import sys

import pytest

from layerwalk.tui import terminal

LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")


@pytest.mark.parametrize(
    ("settings", "ok"),
    [
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LANG": "de_DE.UTF-8@euro"}, True),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_CTYPE": "en_GB.UTF-8", "LANG": "C"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "POSIX"}, False),
        ({}, False),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, False),
        ({"LANG": "en_GB.UTF-8", "TERM": "screen"}, True),
    ],
)
def test_the_locale_decides_the_letters(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], *, ok: bool
) -> None:
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert terminal.unicode_ok() is ok


class Stream:
    def __init__(self, *, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("term", "ends", "paints"),
    [
        ("xterm", (True, True, True), True),
        ("screen", (True, True, True), True),
        ("dumb", (True, True, True), False),
        ("", (True, True, True), False),
        ("xterm", (False, True, True), False),
        ("xterm", (True, False, True), False),
        ("xterm", (True, True, False), False),
    ],
)
def test_a_terminal_at_both_ends_can_be_painted(
    monkeypatch: pytest.MonkeyPatch, term: str, ends: tuple[bool, bool, bool], *, paints: bool
) -> None:
    monkeypatch.setenv("TERM", term)
    for name, end in zip(("__stdin__", "__stdout__", "__stderr__"), ends, strict=True):
        monkeypatch.setattr(sys, name, Stream(terminal=end))
    assert terminal.can_paint() is paints


def test_a_closed_stream_can_not_be_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stdin__", None)
    assert not terminal.can_paint()


def test_asking_loads_no_screen() -> None:
    code = "import sys, layerwalk.tui.terminal; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
