"""The bounds of what is read from a file: nothing in it may recurse or be printed without end."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

DEEPEST = 40
"""How deep lists and objects may be nested."""
LONGEST = 1 << 20
"""How long a text may be, in characters."""


def is_bounded(read: msgspec.Struct) -> bool:
    """Tell whether what was read keeps to the bounds."""
    try:
        level: list[object] = [msgspec.to_builtins(read)]
    except RecursionError:
        return False
    for _ in range(DEEPEST):
        if any(isinstance(one, str) and len(one) > LONGEST for one in level):
            return False
        level = [inner for outer in level for inner in _inside(outer)]
    return not level


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value
