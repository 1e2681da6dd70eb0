"""What gets installed is pinned to the byte, and says nothing of where it comes from."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT, name

FILES = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([a-z0-9.-]+)==[\w.]+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+$")


def pins(path: Path) -> list[str]:
    """Give each requirement with its hashes on one line."""
    text = path.read_text(encoding="utf-8").replace(" \\\n    ", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def names(path: Path) -> set[str]:
    return {line.partition("==")[0] for line in pins(path)}


def wanted(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=~!;\[ ]", line)[0] for line in lines}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_line_is_a_pin_with_hashes(path: Path) -> None:
    assert [line for line in pins(path) if not PIN.match(line)] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_says_where_to_look(path: Path) -> None:
    assert not re.search(
        r"://|--(extra-)?index-url|--find-links|--trusted-host|@ ", path.read_text()
    )


def test_what_the_project_needs_is_pinned() -> None:
    needed = wanted(PROJECT["project"]["dependencies"])
    groups = PROJECT["dependency-groups"]
    assert needed <= names(ROOT / "requirements/run.txt")
    assert wanted(groups["build"]) <= names(ROOT / "requirements/build.txt")
    assert needed | wanted(groups["test"]) <= names(ROOT / "requirements/test.txt")


def test_tests_run_on_what_users_run_on() -> None:
    assert set(pins(ROOT / "requirements/run.txt")) <= set(pins(ROOT / "requirements/test.txt"))
