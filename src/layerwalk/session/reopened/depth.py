"""How deep data is nested: what is read from a file must not make anything recurse without end."""

from __future__ import annotations

from collections.abc import Iterator

DEEPEST = 40


def is_shallow(value: object, deepest: int = DEEPEST) -> bool:
    """Tell whether lists and objects are nested no deeper than that."""
    level = [value]
    for _ in range(deepest):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return True
    return False


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value
