"""The README's table of causes is the catalogue's; LAYERWALK_REWRITE=1 writes it anew."""

import os
import re

from layerwalk.diagnosis.catalogue import causes
from tests.house.tree import ROOT

README = ROOT / "README.md"
PLACE = re.compile(r"(<!-- causes:begin -->\n).*?(<!-- causes:end -->)", re.DOTALL)


def table() -> str:
    """The catalogue as a Markdown table."""
    head = "| layer | id | what it is |\n|---|---|---|\n"
    rows = (f"| {int(one.layer)} | `{one.id}` | {one.title} |\n" for one in reversed(causes()))
    return head + "".join(rows)


def test_the_table_is_current() -> None:
    text = README.read_text(encoding="utf-8")
    current = PLACE.sub(lambda found: found[1] + table() + found[2], text)
    if os.environ.get("LAYERWALK_REWRITE"):
        README.write_text(current, encoding="utf-8")
    assert text == current
