from types import SimpleNamespace

import pytest

from layerwalk.session.targets import BadInput
from layerwalk.tui import causes as command
from layerwalk.tui.requests import Causes

DOC = """A firewall drops the connection.

## Why it times out

SYNs vanish without a word, so that the kernel repeats them until it gives up, which takes more
than two minutes.

## Evidence
- the port is silent
- echoes are answered,
  and other ports are

## What to do

    nft list ruleset

## Easily mistaken for

`host-down`.
"""
CATALOGUE = (
    SimpleNamespace(id="firewall-drop", title="A firewall drops it.", layer=4, doc=DOC),
    SimpleNamespace(id="host-down", title="The target is down", layer=3, doc="x"),
)


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "causes", lambda: CATALOGUE)
    monkeypatch.setenv("COLUMNS", "60")


def test_the_catalogue_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.show_causes(Causes()) == 0
    assert capsys.readouterr().out.splitlines() == [
        "id             layer  what it is",
        "firewall-drop      4  A firewall drops it",
        "host-down          3  The target is down",
    ]


@pytest.mark.parametrize("asked", ["firewall-drop", "Firewall_Drop"])
def test_a_cause_is_explained(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.show_causes(Causes(asked)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "A firewall drops it [firewall-drop], layer 4"
    assert {"Why it times out", "Evidence", "What to do", "Easily mistaken for"} <= set(lines)
    assert "  - echoes are answered, and other ports are" in lines
    assert "      nft list ruleset" in lines
    assert max(map(len, lines)) <= 60


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("firewal-drop", "did you mean firewall-drop?"),
        ("host", "did you mean host-down?"),
        ("zzz", "'layerwalk causes' lists them"),
        ("\x1b[31m", r"\\x1b\[31m"),
    ],
)
def test_an_unknown_cause_is_refused_with_its_like(asked: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint) as refusal:
        command.show_causes(Causes(asked))
    assert str(refusal.value).isprintable()
