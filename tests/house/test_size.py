"""Small rooms: what grows past these has more than one thing in it."""

import ast
from pathlib import Path

from tests.house.tree import SOURCES, name, syntax

FILE_LINES, FUNCTION_LINES, CLASS_METHODS = 300, 40, 15
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def too_large(path: Path) -> list[str]:
    count = len(path.read_text(encoding="utf-8").splitlines())
    parts = long_functions(syntax(path)) + large_classes(syntax(path))
    return parts + [f"{count} lines"] * (count > FILE_LINES)


def long_functions(tree: ast.Module) -> list[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    return [it.name for it in functions if lines(it) > FUNCTION_LINES]


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def large_classes(tree: ast.Module) -> list[str]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [it.name for it in classes if methods(it) > CLASS_METHODS]


def methods(cls: ast.ClassDef) -> int:
    return sum(isinstance(node, FUNCTIONS) for node in cls.body)


def test_every_file_is_small_enough_to_read() -> None:
    found = {name(path): too_large(path) for path in SOURCES}
    assert {file: what for file, what in found.items() if what} == {}


def test_what_is_too_large_is_seen() -> None:
    function = "def long():\n" + "    pass\n" * FUNCTION_LINES
    many = "".join(f"    def m{n}(self): pass\n" for n in range(CLASS_METHODS + 1))
    tree = ast.parse(f"{function}class Large:\n{many}")
    assert long_functions(tree) == ["long"]
    assert large_classes(tree) == ["Large"]
