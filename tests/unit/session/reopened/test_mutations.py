"""Reports and journals in which anything may be wrong: no crash, no escape, no markup."""

import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerwalk.session import events as ev
from layerwalk.session.json_form import to_json
from layerwalk.session.markdown import to_markdown
from layerwalk.session.reopened.sessions import SavedFile, reopened
from layerwalk.session.targets import BadInput
from layerwalk.session.text import Form, to_text
from tests.unit.session.reports import HARM, faulty, harmful, healthy
from tests.unit.session.test_state import JOURNAL

REPORTS = [to_json(it) for it in (faulty(), (faulty(), healthy()), harmful(HARM))]
LINES = [ev.encode(event) for event in JOURNAL]
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(), st.just(HARM))
ANYTHING = st.recursive(
    LEAVES, lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(), it, max_size=3)
)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def opened(path: Path) -> SavedFile | str:
    try:
        return reopened(path)
    except BadInput as refusal:
        return str(refusal)


def judged(data: bytes, name: str) -> SavedFile | None:
    """Open it; what opens has every form, all of them harmless, and what does not says why."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        found = opened(path)
    if isinstance(found, str):
        assert found.isprintable()
        return None
    text = to_text(found.whole, Form(detail=2))
    assert all(line.isprintable() for line in text.split("\n"))
    marked = to_markdown(found.whole)
    assert all(line.isprintable() for line in marked.split("\n"))
    assert msgspec.json.decode(to_json(found.whole))
    return found


@st.composite
def damaged(draw: st.DrawFn, wholes: list[bytes]) -> bytes:
    """Cut, flip, repeat or overwrite some of the bytes."""
    data = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["cut", "flip", "insert", "remove"])):
            case "cut":
                del data[at:]
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "insert":
                data[at:at] = draw(st.binary(max_size=8))
            case _:
                del data[at : at + draw(st.integers(1, 40))]
    return bytes(data)


@UNHURRIED
@given(damaged(REPORTS))
def test_a_damaged_report_is_read_or_refused(data: bytes) -> None:
    judged(data, "a.json")


@UNHURRIED
@given(damaged([b"".join(LINES), b"".join(LINES[:-2])]))
def test_a_damaged_journal_is_read_as_far_as_it_goes(data: bytes) -> None:
    found = judged(data, "a.jsonl")
    if data.startswith(LINES[0]):
        assert found


@UNHURRIED
@given(st.permutations(LINES[1:]), st.integers(0, len(LINES)))
def test_a_journal_in_disorder_is_read(lines: list[bytes], count: int) -> None:
    found = judged(LINES[0] + b"".join(lines[:count]), "a.jsonl")
    assert found
    assert found.sessions[0].state.ended in {"done", "broken-off"}


@st.composite
def altered(draw: st.DrawFn, value: Any) -> Any:
    """Put anything in the place of some value, however deep; keep the rest."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(altered(value[key]))}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(altered(value[at])), *value[at + 1 :]]
    return draw(ANYTHING)


SAME: dict[type, st.SearchStrategy[Any]] = {
    str: st.one_of(st.text(), st.just(HARM), st.just("x" * 5000), st.just("")),
    int: st.one_of(st.integers(), st.just(10**40), st.just(-1)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
}
WORDS = {"schema", "ended", "outcome", "relation", "confidence", "syn", "whose"}


def twisted(draw: st.DrawFn, value: Any, key: str = "") -> Any:
    """Put another of its kind in the place of one value in four: what comes out is read."""
    if isinstance(value, dict):
        return {name: twisted(draw, it, name) for name, it in value.items()}
    if isinstance(value, list):
        return [twisted(draw, it, key) for it in value] * draw(st.sampled_from([1, 1, 1, 0, 3]))
    kept = key in WORDS or type(value) not in SAME or draw(st.integers(0, 3))
    return value if kept else draw(SAME[type(value)])


@st.composite
def twists(draw: st.DrawFn) -> Any:
    return twisted(draw, msgspec.json.decode(draw(st.sampled_from([REPORTS[0], REPORTS[2]]))))


@UNHURRIED
@given(twists())
def test_a_report_of_strange_values_has_every_form(value: Any) -> None:
    assert judged(msgspec.json.encode(value), "a.json")


@UNHURRIED
@given(altered(msgspec.json.decode(REPORTS[0])))
def test_a_report_with_anything_in_it_is_read_or_refused(value: Any) -> None:
    judged(msgspec.json.encode(value), "a.json")


@UNHURRIED
@given(
    st.integers(1, len(LINES) - 1).flatmap(
        lambda n: st.tuples(st.just(n), altered(msgspec.json.decode(LINES[n])))
    )
)
def test_a_journal_with_anything_in_it_is_read(change: tuple[int, Any]) -> None:
    at, value = change
    lines = [*LINES[:at], msgspec.json.encode(value) + b"\n", *LINES[at + 1 :]]
    assert judged(b"".join(lines), "a.jsonl")
    assert judged(b"".join(lines[:-2]), "a.jsonl")


@UNHURRIED
@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    assert judged(data, "a.json") is None
    assert judged(data, "a.jsonl") is None
