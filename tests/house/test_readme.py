"""What README tells a person to type is there to be typed."""

import re
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = "\n".join(re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL))
SPOKEN = FENCED + "\n" + "\n".join(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", README))
COMMANDS = sorted(
    set(re.findall(r"^(?:sudo )?layerwalk ([a-z]+)(?![\w.:/-])", SPOKEN, re.MULTILINE))
)
TARGETS = sorted(set(re.findall(r"^(?:sudo )?make ([a-z]+)", SPOKEN, re.MULTILINE)))


def said(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, timeout=60)
    return done.stdout


def test_readme_says_how_to_begin() -> None:
    assert {"run", "test"} <= set(TARGETS)
    assert "diagnose" in COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_exists(command: str) -> None:
    assert re.search(rf"\b{command}\b", said(sys.executable, "-m", "layerwalk", "--help"))
    assert said(sys.executable, "-m", "layerwalk", command, "--help")


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_exists(target: str) -> None:
    assert said("make", "--dry-run", "--always-make", target)


def test_the_table_of_causes_has_its_place() -> None:
    assert re.search(r"<!-- causes:begin -->.*<!-- causes:end -->", README, re.DOTALL)
