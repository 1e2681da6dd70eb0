"""Lines that a terminal or a mail program broke: the forms that a pasted text may have had."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST_LINES = 60
_SHORTEST = 60
_BEGINS = re.compile(
    r"\s*(?:\d{4}[-/]\d|\[|\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d |time=|level=|\{|[A-Z]{4,8}\b|\* |"
    r"Caused by|at |Traceback|[\w.]{3,80}(?:Error|Exception)\b|[A-Za-z]\w{1,11}: )"
)


def unwrapped(text: str) -> Iterator[list[str]]:
    """Give the lines as they came and, where they may have been broken, as they may have been.

    A form that is more likely comes first: of equal ones, the first is taken.
    """
    lines = text.split("\n")
    broken = [number for number in range(len(lines) - 1) if _may_be_broken(lines, number)]
    if not broken or len(lines) > MOST_LINES:
        yield lines
        return
    hard, soft = _rejoined(lines, broken, ""), _rejoined(lines, broken, " ")
    if any(_splits_a_number(lines[it], lines[it + 1]) for it in broken):
        yield from (hard, lines, soft)
    else:
        yield from (lines, hard, soft)


def _may_be_broken(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line may go on in the next: it is long, and that begins nothing of its own."""
    line, following = lines[number], lines[number + 1]
    return (
        len(line) >= _SHORTEST
        and bool(following.strip())
        and not following.startswith(("\t", "    at "))
        and not _BEGINS.match(following)
    )


def _splits_a_number(line: str, following: str) -> bool:
    return line[-1:].isdigit() and following[:1].isdigit()


def _rejoined(lines: Sequence[str], broken: Sequence[int], between: str) -> list[str]:
    made: list[str] = []
    for number, line in enumerate(lines):
        if number and number - 1 in broken:
            made[-1] = f"{made[-1].rstrip()}{between}{line.strip() if between else line.lstrip()}"
        else:
            made.append(line)
    return made
