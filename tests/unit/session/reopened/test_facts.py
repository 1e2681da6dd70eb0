"""Facts come back from a report's evidence as they were."""

import msgspec
import pytest

from layerwalk.probes.facts import Evidence, Fact, Unmeasured
from layerwalk.session import events as ev
from layerwalk.session.entries import entry_of
from layerwalk.session.reopened.facts import _UNMEASURED, _kinds, evidence_of, fact_of
from layerwalk.session.state import folded
from tests.unit.diagnosis.facts import POOL


@pytest.mark.parametrize("vain", [False, True], ids=["told", "vain"])
@pytest.mark.parametrize("fact", POOL, ids=lambda fact: type(fact).__name__)
def test_a_fact_comes_back(fact: Fact, *, vain: bool) -> None:
    made = Evidence(id="e3", fact=fact, step="syn here", vain=vain, started_s=0.5, seconds=0.25)
    begun = ev.StepStarted(
        at_s=0.5, step="syn here", title="", layer=4, waits_for="", at_most_s=1.0
    )
    ended = ev.StepEnded(at_s=0.75, step="syn here", evidence=entry_of(made), vain=vain)
    assert list(evidence_of(folded([begun, ended]))) == [made]
    noted = ev.StepNoted(
        at_s=0.5, step="syn here", title="", layer=4, evidence=entry_of(made), vain=vain
    )
    assert list(evidence_of(folded([noted]))) == [made]


def test_every_kind_of_fact_is_among_them() -> None:
    assert {type(fact) for fact in POOL} == {*_kinds().values(), Unmeasured}


def test_no_two_kinds_go_by_one_name_and_none_looks_unmeasured() -> None:
    kinds = [kind for kind in Fact.__subclasses__() if kind.probe]
    assert len({kind.probe for kind in kinds}) == len(kinds)
    assert not any(_UNMEASURED in kind.__dataclass_fields__ for kind in kinds)


@pytest.mark.parametrize(
    "changes",
    [{"probe": "nothing"}, {"data": {}}, {"data": {"outcome": "fine"}}, {"data": {"at_layer": []}}],
)
def test_what_is_no_fact_is_left_out(changes: dict[str, object]) -> None:
    entry = entry_of(Evidence(id="e1", fact=POOL[0]))
    assert fact_of(msgspec.structs.replace(entry, **changes)) is None
