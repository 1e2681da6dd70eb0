"""What every cause says of every other's named examples: the look-alikes, reviewed and kept.

Where the table changes on purpose, write it anew with ``LAYERWALK_WRITE_CONFUSIONS=1`` and read the
difference before it is committed.
"""

import json
import os
from pathlib import Path

import pytest

from layerwalk.diagnosis.catalogue import causes
from layerwalk.diagnosis.model import Cause, Example, Status
from layerwalk.diagnosis.rank import conclude
from tests.unit.diagnosis.views import example_walk, judged

TABLE = Path(__file__).with_name("confusions.json")
NAMED = [(one, example) for one in causes() for example in one.examples if example.expect.names_it]
IDS = [f"{one.id}: {example.name}" for one, example in NAMED]


def confusions() -> dict[str, dict[str, list[str]]]:
    """For each named example, what the others say; those that rule themselves out are left out."""
    table: dict[str, dict[str, list[str]]] = {}
    for (one, example), name in zip(NAMED, IDS, strict=True):
        view = example_walk(example)
        said: dict[str, list[str]] = {}
        for other in sorted(causes(), key=lambda cause: cause.id):
            for judgement in judged(other, view):
                if other is not one and judgement.status is not Status.RULED_OUT:
                    said.setdefault(str(judgement.status), []).append(other.id)
        table[name] = said
    return table


def test_the_table_of_confusions_is_the_reviewed_one() -> None:
    found = confusions()
    if os.environ.get("LAYERWALK_WRITE_CONFUSIONS"):
        TABLE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("one", "example"), NAMED, ids=IDS)
def test_the_verdict_names_the_examples_cause_first(one: Cause, example: Example) -> None:
    conclusion = conclude(example_walk(example))
    assert conclusion.outcome == "fault"
    assert conclusion.named[0].cause.id == one.id
    assert conclusion.named[0].relation == "explains"
    assert conclusion.summary.startswith(one.title)


@pytest.mark.parametrize(("one", "example"), NAMED, ids=IDS)
def test_no_other_cause_is_as_sure(one: Cause, example: Example) -> None:
    """Two causes that are both certain contradict each other, unless one leads to the other."""
    view = example_walk(example)
    sure = {
        other.id
        for other in causes()
        if any(judgement.status is Status.CONFIRMED for judgement in judged(other, view))
    }
    assert sure - {one.id, *one.before} == set()


def test_a_cause_that_goes_before_another_is_not_itself_behind_it() -> None:
    pairs = {(one.id, other) for one in causes() for other in one.before}
    assert [pair for pair in pairs if pair[::-1] in pairs] == []
