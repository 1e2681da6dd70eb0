"""What was not checked is told once for each way to look there."""

import msgspec

from layerwalk.session.gaps import gaps
from layerwalk.session.markdown import to_markdown
from layerwalk.session.report import NotChecked, Verdict
from layerwalk.session.text import to_text
from tests.unit.session.reports import faulty, healthy

AGAIN = "layerwalk diagnose 192.0.2.10:443"
OPEN = (
    NotChecked(id="a", why="no flows", unlock=AGAIN),
    NotChecked(id="b", why="no limit", unlock="name it with --timeout"),
    NotChecked(id="c", why="no paces", unlock=AGAIN),
    NotChecked(id="d", why="no idea"),
)


def judged(verdict: Verdict, *unlocks: str) -> list[str]:
    open_ = tuple(NotChecked(id=it, why="", unlock=it) for it in unlocks)
    found = gaps(msgspec.structs.replace(verdict, not_checked=open_))
    return [gap.unlock for gap in found]


def test_what_one_walk_would_tell_stands_together() -> None:
    found = list(gaps(msgspec.structs.replace(faulty().verdict, not_checked=OPEN)))
    assert ["".join(one.id for one in gap.members) for gap in found] == ["ac", "b", "d"]
    assert [gap.unlock for gap in found] == [
        f"once what is in the way is mended: {AGAIN}",
        "name it with --timeout",
        "",
    ]


def test_only_the_same_walk_has_to_wait_for_the_mend() -> None:
    others = (
        f"sudo {AGAIN}",
        "layerwalk diagnose --budget 60 192.0.2.10:443",
        "layerwalk diagnose 192.0.2.10:PORT",
        "ss -s",
    )
    assert judged(faulty().verdict, *others) == [f"to look there: {it}" for it in others]
    assert judged(healthy().verdict, AGAIN) == [f"to look there: {AGAIN}"]


def test_no_form_says_a_command_twice() -> None:
    report = faulty()
    report = msgspec.structs.replace(
        report, verdict=msgspec.structs.replace(report.verdict, not_checked=OPEN)
    )
    for form in (to_text(report), to_markdown(report)):
        assert form.count(AGAIN) == 1
        assert form.count("--timeout") == 1
    assert "  c: no paces\n    once what is in the way is mended: layerwalk" in to_text(report)
    assert f"- `c`: no paces\n\n  once what is in the way is mended: `{AGAIN}`\n" in to_markdown(
        report
    )
