"""The project speaks of itself: not of a machine that it was written on, nor of where pip looks."""

import re

import pytest

from tests.house.tree import ROOT, kept, name

PICTURES = {".gif", ".pcapng", ".png"}
# The root folder under /proc/PID is one that every machine has; it is no slip.
MACHINE = re.compile(r"(?<![\w.~}>*-])/(?:home/[a-z]+|opt|root|work)/[\w.]")
REGISTRY = re.compile(r"\b(?:deb\.debian|npmjs|pypi|pythonhosted)\.(?:com|org)\b")


def slips(text: str) -> list[str]:
    found = [match.group() for rule in (MACHINE, REGISTRY) for match in rule.finditer(text)]
    return found + [str(ROOT)] * (str(ROOT) in text)


def test_no_machine_and_no_registry_is_named() -> None:
    texts = [path for path in kept() if path.suffix not in PICTURES]
    found = {name(path): slips(path.read_text(encoding="utf-8")) for path in texts}
    assert {file: what for file, what in found.items() if what} == {}


@pytest.mark.parametrize("parts", ["see /roo|t/notes", "files.python|hosted.org", "/|work/main"])
def test_a_slip_is_seen(parts: str) -> None:
    assert slips(parts.replace("|", "")) != []
