"""A full table of tracked connections: named first, and alone, where it is what keeps SYNs back."""

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.tracking import full_table_drops
from layerwalk.probes.facts import Fact, Outcome, TrackingFact
from tests.unit.diagnosis.facts import counters, firewall, rule
from tests.unit.diagnosis.sayings import SILENT, START, UNSENT
from tests.unit.diagnosis.views import address, walk


def tracks(count: int = 100, **changes: object) -> TrackingFact:
    fields: dict[str, object] = {"outcome": Outcome.ANSWERED, "maximum": 100, "dropped": 9}
    return TrackingFact(**{"count": count, **fields, **changes})  # type: ignore[arg-type]


UNHEARD = (samples.syn(half_open=False), SILENT, counters(unsent=8))


@pytest.mark.parametrize("facts", [(UNSENT, SILENT), UNHEARD])
def test_it_is_named_and_no_rule_nor_the_path_besides(facts: tuple[Fact, ...]) -> None:
    verdict = conclude(walk((*START, *facts, tracks())))
    assert [(it.cause.id, it.judgement.where) for it in verdict.named] == [
        ("conntrack-full", {"kind": "local"})
    ]
    assert {"firewall-drop", "path-blackhole"}.isdisjoint(it.cause.id for it in verdict.named)


@pytest.mark.parametrize(
    "table",
    [tracks(80), tracks(94), tracks(dropped=0), tracks(dropped=2), tracks(in_use=False, count=0)],
)
def test_a_rule_is_to_blame_where_the_table_is_not(table: TrackingFact) -> None:
    host = address(*START, UNSENT, SILENT, table)
    assert not full_table_drops(host)
    verdict = conclude(walk((*START, UNSENT, SILENT, firewall(rule("out", "drop")), table)))
    assert [it.cause.id for it in verdict.named] == ["firewall-drop"]


def test_a_full_table_is_no_fault_where_the_connection_is_made() -> None:
    verdict = conclude(walk((*samples.healthy(), tracks())))
    assert verdict.outcome == "healthy"
    assert "conntrack-full" in {identifier for identifier, _ in verdict.ruled_out}


def test_what_can_not_be_read_is_not_ruled_out() -> None:
    verdict = conclude(walk((*START, UNSENT, SILENT, tracks(dropped=None))))
    assert "conntrack-full" in {it.id for it in verdict.open}
