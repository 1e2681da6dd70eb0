"""``layerwalk causes``: the catalogue as a table, or one cause explained."""

from __future__ import annotations

import difflib
import inspect
import shutil
import textwrap
from collections.abc import Iterator, Sequence

from layerwalk.diagnosis.catalogue import causes
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput
from layerwalk.tui import statuses
from layerwalk.tui.console import say
from layerwalk.tui.requests import Causes

NARROWEST, WIDEST = 40, 100
_KEPT_AS_THEY_ARE = ("    ", "\t", "|", "```")
_ITEMS = ("- ", "* ")


def show_causes(request: Causes) -> int:
    """Print what is asked for.

    Raises:
        BadInput: no cause has this id.
    """
    lines = _table() if request.cause is None else _explained(request.cause)
    say("".join(f"{line.rstrip()}\n" for line in lines))
    return statuses.HEALTHY


def _table() -> Iterator[str]:
    known = causes()
    widest = max((len(cause.id) for cause in known), default=2)
    yield f"{'id':<{widest}}  layer  what it is"
    for cause in known:
        yield f"{cause.id:<{widest}}  {int(cause.layer):>5}  {cause.title.rstrip('.')}"


def _explained(asked: str) -> Iterator[str]:
    known = {cause.id: cause for cause in causes()}
    cause = known.get(asked.strip().lower().replace("_", "-"))
    if cause is None:
        raise BadInput(f"no cause is called '{shortened(asked)}'; {_hint(asked, list(known))}")
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    yield f"{cause.title.rstrip('.')} [{cause.id}], layer {int(cause.layer)}"
    blocks = inspect.cleandoc(cause.doc).split("\n\n")
    if blocks and blocks[0].strip().rstrip(".") == cause.title.strip().rstrip("."):
        del blocks[0]
    for block in blocks:
        yield from _block(block, width)


def _hint(asked: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(asked.lower(), known, n=3)
    meant = close or [it for it in known if asked.lower() in it][:3]
    return f"did you mean {' or '.join(meant)}?" if meant else "'layerwalk causes' lists them"


def _block(block: str, width: int) -> Iterator[str]:
    """Set one block of a docstring: a heading, a list, a paragraph, or what is kept as it is."""
    head, _, rest = block.strip("\n").partition("\n")
    if head.startswith("#"):
        yield ""
        yield head.lstrip("# ")
        if rest.strip():
            yield from _body(rest, width)
        return
    yield from _body(block.strip("\n"), width)


def _body(text: str, width: int) -> Iterator[str]:
    if text.startswith(_KEPT_AS_THEY_ARE):
        yield from (f"  {line}" for line in text.split("\n"))
        return
    for paragraph in _paragraphs(text.split("\n")):
        hang = "    " if paragraph.startswith(_ITEMS) else "  "
        yield from textwrap.wrap(
            paragraph, width, initial_indent="  ", subsequent_indent=hang, break_on_hyphens=False
        )


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Join lines that belong together; every list item begins a new one."""
    joined: list[str] = []
    for line in map(str.strip, lines):
        if not joined or line.startswith(_ITEMS):
            joined.append(line)
        else:
            joined[-1] = f"{joined[-1]} {line}"
    return joined
