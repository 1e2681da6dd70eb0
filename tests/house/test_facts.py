"""The facts are what every room speaks in, so they may lean on nothing but the language.

import-linter can only forbid packages that it is given by name; this asks about all of them.
"""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.house.tree import ROOT, SOURCES, name, syntax

FACTS = "layerwalk.probes.facts"
FOLDER = ROOT / "src/layerwalk/probes/facts"
FILES = [path for path in SOURCES if path.is_relative_to(FOLDER)]
WORLD = {"os", "random", "secrets", "socket", "subprocess", "threading", "time"}


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield FACTS if node.level else str(node.module)


def strangers(tree: ast.Module) -> list[str]:
    return [it for it in imports(tree) if not (is_fact(it) or is_plain(it))]


def is_fact(module: str) -> bool:
    return f"{module}.".startswith(f"{FACTS}.")


def is_plain(module: str) -> bool:
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names and top not in WORLD


def test_facts_import_only_the_standard_library() -> None:
    assert FILES
    assert {name(path): strangers(syntax(path)) for path in FILES if strangers(syntax(path))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import msgspec",
        "from layerwalk.probes import wire",
        "import socket",
        "from layerwalk import x",
    ],
)
def test_a_stranger_is_seen(line: str) -> None:
    assert len(strangers(ast.parse(line))) == 1
